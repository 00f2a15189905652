"""The page that Wagtail greets its installers with becomes what petition pages stand under."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_the_shelf(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("wagtailcore", "Page").objects.filter(depth=2, title__startswith="Welcome to your new Wagtail site").update(
        title="Petitions and other actions", draft_title="Petitions and other actions"
    )


class Migration(migrations.Migration):
    dependencies = [("pages", "0003_own_video"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(name_the_shelf, migrations.RunPython.noop)]
