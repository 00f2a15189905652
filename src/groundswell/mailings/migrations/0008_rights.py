"""Editors write letters; moderators write, approve and send them. Superusers do everything, as before."""

from django.db import migrations

RIGHTS = {
    "change_mailing": ("Can change mailing", ("Editors", "Moderators")),
    "approve_mailing": ("Can approve another person's mailing", ("Moderators",)),
    "send_mailing": ("Can send, steer and stop mailings", ("Moderators",)),
}


def give(apps, schema_editor):  # type: ignore[no-untyped-def]
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="mailings", model="mailing")
    for codename, (name, groups) in RIGHTS.items():
        right, _ = permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": name})
        for each in group.objects.filter(name__in=groups):
            each.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("mailings", "0007_composing"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
