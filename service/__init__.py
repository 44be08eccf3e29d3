"""The API, the pages and the use cases of commentdesk; knows no scikit-learn."""
