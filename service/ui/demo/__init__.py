"""The Merrow Courier: a small news site that has its comments moderated by commentdesk.

It is the example for whoever integrates: it knows commentdesk by its public API alone, and the
folder can be copied out and run as it is. Read it in this order: `pages` (what a reader does),
`outbox` (how a comment is handed over and never lost), `moderation` (the two calls of the API),
`callbacks` (how a decision comes back), `comments` (the site's own table).
"""

from .site import DemoConfig, create_demo

__all__ = ["DemoConfig", "create_demo"]
