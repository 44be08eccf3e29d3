"""The only place that joins the service and the models: scores comments and records verdicts."""
