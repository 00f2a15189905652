"""What each provider posts when a letter to ADA came back dead: the shape of its documentation, and its proof of itself."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.inbox.certificates import Amazon

AMAZON = Amazon()
ADA = "ada@example.org"
WHEN = 1795512600
DEAD = "550 5.1.1 The email account that you tried to reach does not exist"
EC, RSA = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 1024)


def public(key: Any) -> str:
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    return "".join(pem.split("\n")[1:-2])


@dataclass
class Post:
    """One request. `basic` where the provider proves itself by the address's password."""

    body: bytes
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    basic: bool = False


def ses(mid: str, url: str) -> Post:
    event = {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Permanent", "bounceSubType": "General", "timestamp": "2026-11-24T09:30:00.000Z", "feedbackId": "x",
            "bouncedRecipients": [{"emailAddress": ADA, "action": "failed", "status": "5.1.1", "diagnosticCode": f"smtp; {DEAD}"}],
        },
        "mail": {
            "messageId": "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa0680-000000", "source": "lucia@news.example.org",
            "destination": [ADA], "headers": [{"name": "Message-ID", "value": mid}],
        },
    }  # fmt: skip
    sns = {"Type": "Notification", "MessageId": "19ba9823-d7f2-53c1-860e-cb10e0d13dfc", "TopicArn": "arn:aws:sns:us-east-1:1234:SES",
           "Message": json.dumps(event), "Timestamp": "2026-11-24T09:30:01.000Z"}  # fmt: skip
    headers = {"x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": sns["MessageId"]}
    return Post(json.dumps(AMAZON.signed(sns)).encode(), "text/plain; charset=UTF-8", headers, basic=True)


def postmark(mid: str, url: str) -> Post:
    event = {"RecordType": "Bounce", "ID": 901542550, "Type": "HardBounce", "TypeCode": 1, "Name": "Hard bounce", "Email": ADA,
             "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed", "Details": f"smtp;{DEAD}", "BouncedAt": "2026-11-24T09:30:00Z",
             "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
             "DumpAvailable": True, "Inactive": True, "Subject": "A letter", "Content": f"Message-ID: {mid}\r\n"}  # fmt: skip
    return Post(json.dumps(event).encode(), basic=True)


def mailgun(mid: str, url: str) -> Post:
    stamp, token = str(WHEN), "c0ffee" * 8
    signature = hmac.new(b"mailgun-key", f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    event = {
        "signature": {"token": token, "timestamp": stamp, "signature": signature},
        "event-data": {
            "event": "failed", "severity": "permanent", "reason": "bounce", "id": "w5LpCJqvSrKnDR2Obm0rkw", "timestamp": WHEN,
            "recipient": ADA, "delivery-status": {"code": 550, "message": DEAD, "description": "", "attempt-no": 1},
            "message": {"headers": {"message-id": mid.strip("<>"), "to": ADA}}, "tags": [], "user-variables": {},
        },
    }  # fmt: skip
    return Post(json.dumps(event).encode(), basic=True)


def sendgrid(mid: str, url: str) -> Post:
    event = [{"email": ADA, "timestamp": WHEN, "smtp-id": mid, "event": "bounce", "type": "bounce", "reason": DEAD, "status": "5.1.1",
              "sg_event_id": "6g4ZI7SA-xmRDv57GoPIPw==", "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001"}]  # fmt: skip
    body, stamp = json.dumps(event).encode(), str(WHEN)
    signature = base64.b64encode(EC.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    return Post(
        body, headers={"X-Twilio-Email-Event-Webhook-Signature": signature, "X-Twilio-Email-Event-Webhook-Timestamp": stamp}
    )


def sparkpost(mid: str, url: str) -> Post:
    event = {"type": "bounce", "bounce_class": "10", "error_code": "550", "event_id": "92356927693813856", "rcpt_to": ADA,
             "raw_reason": DEAD, "reason": DEAD, "timestamp": str(WHEN), "transmission_id": "65832150921904138",
             "rcpt_meta": {"id": mid}}  # fmt: skip
    return Post(json.dumps([{"msys": {"message_event": event}}]).encode(), basic=True)


def mailjet(mid: str, url: str) -> Post:
    event = {"event": "bounce", "time": WHEN, "MessageID": 13792286917004336, "email": ADA, "hard_bounce": True, "blocked": False,
             "error_related_to": "recipient", "error": "user unknown", "comment": DEAD, "CustomID": mid, "Payload": ""}  # fmt: skip
    return Post(json.dumps(event).encode(), basic=True)


def brevo(mid: str, url: str) -> Post:
    event = {"event": "hard_bounce", "email": ADA, "id": 1, "date": "2026-11-24 10:30:00", "ts_epoch": WHEN * 1000, "reason": DEAD,
             "message-id": mid, "subject": "A letter"}  # fmt: skip
    return Post(json.dumps(event).encode(), basic=True)


def resend(mid: str, url: str) -> Post:
    event = {"type": "email.bounced", "created_at": "2026-11-24T09:30:00.000Z", "data": {
        "email_id": "56761188-7520-42d8-8898-ff6fc54ce618", "to": [ADA], "from": "lucia@news.example.org", "subject": "A letter",
        "headers": [{"name": "Message-ID", "value": mid}],
        "bounce": {"message": "The recipient's email address does not exist: user unknown", "subType": "General", "type": "Permanent"},
    }}  # fmt: skip
    body, stamp, ident = json.dumps(event).encode(), str(int(time.time())), "msg_2b"
    secret = base64.b64decode("c2VjcmV0LW9mLXJlc2VuZA==")
    mark = base64.b64encode(hmac.digest(secret, f"{ident}.{stamp}.".encode() + body, "sha256")).decode()
    return Post(body, headers={"svix-id": ident, "svix-timestamp": stamp, "svix-signature": f"v1,bm90aGluZw== v1,{mark}"})


def mandrill(mid: str, url: str) -> Post:
    events = [{"event": "hard_bounce", "_id": "abc", "ts": WHEN, "msg": {
        "ts": WHEN - 5, "_id": "abc", "state": "bounced", "email": ADA, "diag": f"smtp;{DEAD}", "bounce_description": "bad_mailbox",
        "metadata": {"id": mid}, "tags": [],
    }}]  # fmt: skip
    params = {"mandrill_events": json.dumps(events)}
    signed = url + "".join(f"{key}{value}" for key, value in sorted(params.items()))
    mark = base64.b64encode(hmac.new(b"mandrill-key", signed.encode(), hashlib.sha1).digest()).decode()
    return Post(urlencode(params).encode(), "application/x-www-form-urlencoded", {"X-Mandrill-Signature": mark})


def mailersend(mid: str, url: str) -> Post:
    event = {"type": "activity.hard_bounced", "created_at": "2026-11-24T09:30:00.000000Z", "data": {
        "object": "activity", "id": "62f114f8165fe0d8db0288e5", "type": "hard_bounced", "created_at": "2026-11-24T09:30:00.000000Z",
        "email": {"status": "rejected", "message": {"id": "62f"}, "recipient": {"email": ADA}, "headers": mid},
        "morph": {"object": "recipient_bounce", "reason": DEAD},
    }}  # fmt: skip
    body = json.dumps(event).encode()
    return Post(body, headers={"Signature": hmac.new(b"mailersend-key", body, hashlib.sha256).hexdigest()})


def mailtrap(mid: str, url: str) -> Post:
    event = {"events": [{"event": "bounce", "event_id": "bede7236-2284-43d6-a953-1fdcafd0fdbc", "timestamp": WHEN, "email": ADA,
                         "sending_stream": "bulk", "category": "x", "message_id": "a9a1", "bounce_category": "invalid_recipient",
                         "response": DEAD, "response_code": 550, "custom_variables": {"id": mid}}]}  # fmt: skip
    body = json.dumps(event).encode()
    return Post(body, headers={"Mailtrap-Signature": hmac.new(b"mailtrap-key", body, hashlib.sha256).hexdigest()})


def postal(mid: str, url: str) -> Post:
    event = {"event": "MessageDeliveryFailed", "timestamp": WHEN, "uuid": "0fcc8831-92b9-4b2f-97f2-d873d3044fab", "payload": {
        "message": {"id": 233980, "direction": "outgoing", "message_id": mid.strip("<>"), "to": ADA, "from": "lucia@news.example.org"},
        "status": "HardFail", "details": "Permanent SMTP delivery error", "output": DEAD,
    }}  # fmt: skip
    body = json.dumps(event).encode()
    mark = base64.b64encode(RSA.sign(body, padding.PKCS1v15(), hashes.SHA1())).decode()
    return Post(body, headers={"X-Postal-Signature": mark})


def unisender_go(mid: str, url: str) -> Post:
    event = {"auth": "AUTH", "events_by_user": [{"user_id": 1, "events": [{"event_name": "transactional_email_status", "event_data": {
        "job_id": "1sn15Z-0007Le-GtVN", "email": ADA, "status": "hard_bounced", "event_time": "2026-11-24 09:30:00",
        "metadata": {"id": mid}, "delivery_info": {"delivery_status": "err_user_unknown", "destination_response": DEAD},
    }}]}]}  # fmt: skip
    body = json.dumps(event)
    mark = hashlib.md5(body.replace("AUTH", "unisender-key").encode()).hexdigest()
    return Post(body.replace("AUTH", mark).encode())


KEYS = {
    "mailgun": "mailgun-key", "sendgrid": public(EC), "resend": "whsec_c2VjcmV0LW9mLXJlc2VuZA==", "mandrill": "mandrill-key",
    "mailersend": "mailersend-key", "mailtrap": "mailtrap-key", "postal": public(RSA), "unisender_go": "unisender-key",
}  # fmt: skip
MAKERS: dict[str, Callable[[str, str], Post]] = {
    "amazon_ses": ses, "postmark": postmark, "mailgun": mailgun, "sendgrid": sendgrid, "sparkpost": sparkpost, "mailjet": mailjet,
    "brevo": brevo, "resend": resend, "mandrill": mandrill, "mailersend": mailersend, "mailtrap": mailtrap, "postal": postal,
    "unisender_go": unisender_go,
}  # fmt: skip
SETTING = " ".join(f"{name}={KEYS[name]}" if name in KEYS else name for name in MAKERS)
