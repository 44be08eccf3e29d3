"""Schema changes, in order; `commentdesk db upgrade` applies them."""
