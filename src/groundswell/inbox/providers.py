"""The mail providers that may report here: which anymail view reads each, how each proves itself, and its address.

A provider is on when `GROUNDSWELL_WEBHOOKS` names it. It proves itself by its signature where it signs (and a key is
set), otherwise by the name and password in its address; the address itself holds a secret too. Anymail's own settings
are not used: a view is made for each request, with exactly what it may know.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks import (
    amazon_ses,
    brevo,
    mailersend,
    mailgun,
    mailjet,
    mailtrap,
    mandrill,
    postal,
    postmark,
    sendgrid,
    sparkpost,
    unisender_go,
)
from anymail.webhooks import resend as anymail_resend
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from groundswell.basics.result import Refused
from groundswell.inbox import sns
from groundswell.inbox.svix import SignedBySvix
from groundswell.staff import notices


class SignedBySns(amazon_ses.AmazonSESBaseWebhookView):  # type: ignore[misc]
    """Amazon SES through SNS, without Amazon's library, its signature checked here. Anybody may own a topic that Amazon
    signs for: so either our password comes with it, or the setting names the one topic that is ours."""

    topic: str = ""

    def __init__(self, **kwargs: Any) -> None:
        self.topic = kwargs.pop("topic", "")
        self.auto_confirm_enabled = True
        self.session_params: dict[str, Any] = {}
        self.client_params: dict[str, Any] = {}
        super(amazon_ses.AmazonSESBaseWebhookView, self).__init__(**kwargs)

    def validate_request(self, request: HttpRequest) -> None:
        """Refuse what Amazon did not sign, and what is not of our topic where the setting names one."""
        super().validate_request(request)
        message = self._parse_sns_message(request)
        if self.topic and message.get("TopicArn") != self.topic:
            raise AnymailWebhookValidationFailure("SNS message of another topic")
        sns.check(message)

    def auto_confirm_sns_subscription(self, sns_message: Mapping[str, Any]) -> None:
        """Amazon asks whether we want its reports: a person opens the address it sent, once."""
        _ask_staff_to_confirm(sns_message)


class AmazonTracking(SignedBySns, amazon_ses.AmazonSESTrackingWebhookView):  # type: ignore[misc]
    """What became of our letters."""


class AmazonInbound(SignedBySns, amazon_ses.AmazonSESInboundWebhookView):  # type: ignore[misc]
    """Mail that SES takes in, where its receipt rule sends it along (action SNS)."""


class ResendTracking(SignedBySvix, anymail_resend.ResendTrackingWebhookView):  # type: ignore[misc]
    """Resend, its signature checked here: anymail would need another library for that."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. `key` names the argument that anymail takes the signing key by; None: it does not sign."""

    name: str
    shown: str
    tracking: type[Any] | None
    inbound: type[Any] | None
    key: str | None = None
    key_needed: bool = False


PROVIDERS = {
    each.name: each
    for each in (
        Provider("amazon_ses", "Amazon SES", AmazonTracking, AmazonInbound, "topic"),
        Provider("brevo", "Brevo", brevo.BrevoTrackingWebhookView, None),
        Provider("mailersend", "MailerSend", mailersend.MailerSendTrackingWebhookView, None, "signing_secret", True),
        Provider(
            "mailgun", "Mailgun", mailgun.MailgunTrackingWebhookView, mailgun.MailgunInboundWebhookView, "webhook_signing_key", True
        ),
        Provider("mailjet", "Mailjet", mailjet.MailjetTrackingWebhookView, mailjet.MailjetInboundWebhookView),
        Provider("mailtrap", "Mailtrap", mailtrap.MailtrapTrackingWebhookView, None, "tracking_secret"),
        Provider(
            "mandrill", "Mandrill", mandrill.MandrillCombinedWebhookView, mandrill.MandrillCombinedWebhookView, "webhook_key", True
        ),
        Provider("postal", "Postal", postal.PostalTrackingWebhookView, postal.PostalInboundWebhookView, "webhook_key", True),
        Provider("postmark", "Postmark", postmark.PostmarkTrackingWebhookView, postmark.PostmarkInboundWebhookView),
        Provider("resend", "Resend", ResendTracking, None, "svix_secret"),
        Provider(
            "sendgrid", "SendGrid", sendgrid.SendGridTrackingWebhookView, sendgrid.SendGridInboundWebhookView,
            "tracking_webhook_verification_key",
        ),
        Provider("sparkpost", "SparkPost", sparkpost.SparkPostTrackingWebhookView, sparkpost.SparkPostInboundWebhookView),
        Provider("unisender_go", "Unisender Go", unisender_go.UnisenderGoTrackingWebhookView, None, "api_key", True),
    )
}  # fmt: skip


@lru_cache(maxsize=4)
def parse(text: str) -> Mapping[str, str]:
    """Provider → signing key (or empty), from the setting; `Refused` names what is wrong, never a key."""
    wanted: dict[str, str] = {}
    for word in text.replace(",", " ").split():
        name, _, key = word.partition("=")
        provider = PROVIDERS.get(name)
        if provider is None:
            raise Refused.because(
                "webhook-provider", "GROUNDSWELL_WEBHOOKS names a provider that we don't know.", f"We know {', '.join(PROVIDERS)}."
            )
        if provider.key_needed and not key:
            raise Refused.because(
                "webhook-key",
                f"{provider.shown} signs its reports; its key is missing.",
                f"Write {name}=KEY in GROUNDSWELL_WEBHOOKS.",
            )
        if key and provider.key is None:
            raise Refused.because("webhook-key", f"{provider.shown} does not sign its reports.", f"Write {name} without a key.")
        wanted[name] = key
    return wanted


def path_secret() -> str:
    """The piece of the address that only the providers know."""
    return salted_hmac("groundswell.inbox.webhooks", "path").hexdigest()[:32]


def password() -> str:
    """The password for providers that don't sign, their name being `groundswell`."""
    return salted_hmac("groundswell.inbox.webhooks", "password").hexdigest()[:32]


def address(name: str, what: str, *, with_password: bool = True) -> str:
    """What staff enter at the provider."""
    base: str = settings.GROUNDSWELL.base_url
    scheme, _, rest = base.partition("://")
    open_to = f"groundswell:{password()}@" if with_password and not _signs(name, what) else ""
    return f"{scheme}://{open_to}{rest}/back/{path_secret()}/{name}/{what}/"


def view_of(name: str, what: str) -> Any | None:
    """The view for one request, or None where this is not switched on."""
    wanted = parse(settings.GROUNDSWELL.webhooks)
    provider = PROVIDERS.get(name)
    made = None if provider is None else {"tracking": provider.tracking, "inbound": provider.inbound}.get(what)
    if provider is None or name not in wanted or made is None:
        return None
    arguments: dict[str, Any] = {"webhook_secret": [] if _signs(name, what) else [f"groundswell:{password()}"]}
    if provider.key and wanted[name] and (what == "tracking" or provider.key_needed):
        arguments[provider.key] = wanted[name]
    if name == "mandrill":
        arguments["webhook_url"] = address(name, what)
    return made(**arguments)


def _signs(name: str, what: str) -> bool:
    """True where the provider's signature alone proves its report. SendGrid's inbound parse is not signed; Mailgun signs
    a number and a time but not what it says, so a copied signature would be as good as its own: it gives the password too.
    """
    provider, wanted = PROVIDERS[name], parse(settings.GROUNDSWELL.webhooks)
    return name != "mailgun" and bool(provider.key and wanted.get(name)) and (what == "tracking" or provider.key_needed)


def _ask_staff_to_confirm(sns_message: Mapping[str, Any]) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415 (the one place of this module that needs a clock)

    link = str(sns_message.get("SubscribeURL", ""))
    if sns.is_amazons(link):
        notices.tell(
            subject="Amazon asks to be allowed to report here",
            words=f"If you set this up at Amazon just now, open this address once: {link}",
            once=f"inbox:sns:{sns_message.get('TopicArn', '')}", now=datetime.now(UTC),
        )  # fmt: skip
