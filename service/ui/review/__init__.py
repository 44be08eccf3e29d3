"""The review pages `/review/`: moderators sign in, read what is held, and decide."""

from service.ui.review.views import review_blueprint

__all__ = ["review_blueprint"]
