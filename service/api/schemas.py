"""The shapes of requests, in marshmallow: unknown fields are errors, types are strict."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from service.domain.comment import UNSTORABLE, Article, Author, Form, Parent, Status, Submission
from service.domain.decision import Outcome
from service.moderation.submit import NewText
from service.storage.comments import ListFilter
from service.storage.feedback import Feedback

ID_MAX_CHARS = 255
NAME_MAX_CHARS = 500
URL_MAX_CHARS = 2_000
NOTE_MAX_CHARS = 2_000
PARENT_MAX_CHARS = 65_525
PAGE_MAX_COMMENTS = 200
PAGE_DEFAULT_COMMENTS = 50
SECONDS_MAX = 1e9

_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
# Archives of newspapers are older than computers.
_EARLIEST_PRINTED = datetime(1500, 1, 1, tzinfo=UTC)


class Words(fields.String):
    """Text that people wrote: unstorable code points are replaced, never refused.

    Each becomes U+FFFD, one for one, so that offsets stay right.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        return UNSTORABLE.sub("\ufffd", super()._deserialize(value, attr, data, **options))


class Quote(Words):
    """What another wrote, sent for context alone: cut to its limit, never refused for it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        return super()._deserialize(value, attr, data, **options)[:PARENT_MAX_CHARS]


class Identifier(fields.String):
    """A name that the site gave something; it comes back unchanged, so it must be storable."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if UNSTORABLE.search(text):
            raise ValidationError("Has characters that cannot be stored (NUL or lone surrogates).")
        return text


def _not_blank(text: str) -> None:
    if not text.strip():
        raise ValidationError("Is empty; a comment needs text.")


def _moment(earliest: datetime = _EARLIEST) -> fields.AwareDateTime:
    return fields.AwareDateTime(
        format="iso",
        default_timezone=UTC,
        allow_none=True,
        load_default=None,
        validate=validate.Range(earliest, _LATEST, error="Is not a plausible time."),
    )


def _words(most: int) -> Words:
    return Words(load_default=None, allow_none=True, validate=validate.Length(max=most))


def _identifier() -> Identifier:
    return Identifier(load_default=None, allow_none=True, validate=validate.Length(1, ID_MAX_CHARS))


class Part(Schema):
    """A part of a comment; `part` is the dataclass that it becomes. Null stands for left out."""

    part: type

    @pre_load
    def _without_nulls(self, values: Any, **_: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {k: v for k, v in values.items() if v is not None or not self._may_lack(k)}

    def _may_lack(self, name: str) -> bool:
        field = self.load_fields.get(name)
        return field is not None and not field.required

    @post_load
    def _make(self, values: dict[str, Any], **_: Any) -> Any:
        return self.part(**values)


class ArticleIn(Part):
    """The article that the comment stands under."""

    part = Article
    id = Identifier(required=True, validate=validate.Length(1, ID_MAX_CHARS))
    url = _words(URL_MAX_CHARS)
    title = _words(NAME_MAX_CHARS)
    section = _words(NAME_MAX_CHARS)
    published_at = _moment(_EARLIEST_PRINTED)


class AuthorIn(Part):
    """Who wrote it. Leave out what the form has no field for; send "" for what was left empty."""

    part = Author
    id = _identifier()
    name = _words(NAME_MAX_CHARS)
    email = _words(NAME_MAX_CHARS)
    url = _words(URL_MAX_CHARS)
    ip = _words(NAME_MAX_CHARS)
    user_agent = _words(URL_MAX_CHARS)
    role = _words(NAME_MAX_CHARS)


class ParentIn(Part):
    """The comment that this one answers."""

    part = Parent
    id = _identifier()
    body = Quote(
        load_default=None, allow_none=True,
        metadata={"description": f"The first {PARENT_MAX_CHARS:,} characters are kept."},
    )  # fmt: skip


class FormIn(Part):
    """What the form noticed: the content of its honeypot field, the seconds until it was sent."""

    part = Form
    honeypot = _words(NAME_MAX_CHARS)
    seconds_to_submit = fields.Float(
        load_default=None, allow_none=True, validate=validate.Range(0, SECONDS_MAX)
    )


def _format(default: str | None) -> fields.String:
    formats = validate.OneOf(["text", "html"])
    return fields.String(load_default=default, allow_none=True, validate=formats)


class EditIn(Part):
    """An edit: only the text changes; its format stays where none is sent."""

    part = NewText
    body = Words(required=True, validate=_not_blank)
    body_format = _format(None)


class _WrittenIn(Part):
    part = Submission
    body = Words(required=True, validate=_not_blank)
    body_format = _format("text")
    author = fields.Nested(AuthorIn, allow_none=True, load_default=Author)
    parent = fields.Nested(ParentIn, allow_none=True, load_default=Parent)
    language = fields.String(
        load_default=None, allow_none=True,
        validate=validate.Regexp(
            r"\A[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,3}\Z",
            error="Is not a BCP 47 language tag, such as en or de-AT.",
        ),
    )  # fmt: skip


class CommentIn(_WrittenIn):
    """A comment as a site submits it."""

    article = fields.Nested(ArticleIn, required=True)
    external_id = _identifier()
    submitted_at = _moment()
    form = fields.Nested(FormIn, allow_none=True, load_default=Form)


class DraftIn(_WrittenIn):
    """A draft to check; the article may be left out."""

    article = fields.Nested(ArticleIn, allow_none=True, load_default=lambda: Article(id="draft"))


class LineIn(CommentIn):
    """A line of `score --jsonl`: a comment without its article, fields of its own passed over."""

    class Meta:
        """Collections carry labels and notes; they are no mistake."""

        unknown = EXCLUDE

    article = fields.Nested(ArticleIn, allow_none=True, load_default=lambda: Article(id="line"))


class WordPressFormIn(Schema):
    """A comment form of WordPress, forwarded as it is; its other fields are passed over."""

    class Meta:
        """Forms carry fields of their own; they are no mistake."""

        unknown = EXCLUDE

    comment = Words(required=True, validate=_not_blank)
    comment_post_ID = Identifier(  # noqa: N815  # WordPress's own name
        required=True, validate=validate.Length(1, ID_MAX_CHARS)
    )
    comment_parent = _identifier()
    author = _words(NAME_MAX_CHARS)
    email = _words(NAME_MAX_CHARS)
    url = _words(URL_MAX_CHARS)

    @pre_load
    def _top_level(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        # WordPress writes 0, or nothing, for a comment that answers no other.
        return {k: v for k, v in values.items() if k != "comment_parent" or v not in ("", "0")}

    @post_load
    def _make(self, values: dict[str, Any], **_: Any) -> Submission:
        return Submission(
            body=values["comment"],
            article=Article(id=values["comment_post_ID"]),
            author=Author(name=values["author"], email=values["email"], url=values["url"]),
            parent=Parent(id=values["comment_parent"]),
        )


class BatchIn(Schema):
    """Many comments; each is checked on its own."""

    comments = fields.List(
        fields.Raw(allow_none=True), required=True, validate=validate.Length(min=1)
    )


class FeedbackIn(Schema):
    """What became of a comment on the site, or what a reader said of it."""

    kind = fields.String(
        required=True, validate=validate.OneOf(["published", "removed", "reported"])
    )
    source = fields.String(load_default="site", validate=validate.OneOf(["site", "reader"]))
    note = _words(NOTE_MAX_CHARS)

    @post_load
    def _make(self, values: dict[str, Any], **_: Any) -> Feedback:
        return Feedback(**values)


class ListQuery(Schema):
    """Which comments to list, and which page of them."""

    outcome = fields.Enum(Outcome, by_value=True, load_default=None)
    status = fields.Enum(Status, by_value=True, load_default=None)
    article = _identifier()
    external_id = _identifier()
    cursor = fields.UUID(load_default=None)
    limit = fields.Integer(
        load_default=PAGE_DEFAULT_COMMENTS, validate=validate.Range(1, PAGE_MAX_COMMENTS)
    )

    @post_load
    def _make(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        wanted = ListFilter(
            values["outcome"], values["status"], values["article"], values["external_id"]
        )
        return {"wanted": wanted, "cursor": values["cursor"], "limit": values["limit"]}
