"""The petition's page, as its authors write it."""

import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('campaigns', '0005_record_is_kept'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtailimages', '0027_image_description'),
    ]

    operations = [
        migrations.CreateModel(
            name='PetitionPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('de', 'Deutsch'), ('en', 'English'), ('es', 'Español'), ('fr', 'Français')], default='en', max_length=12)),
                ('lead', models.CharField(blank=True, help_text='One sentence under the title; also shown where the link is shared.', max_length=300)),
                ('text', models.TextField(help_text='What people sign, in Markdown. A change is a new version; who signed before keeps theirs.')),
                ('goal', models.PositiveIntegerField(default=1000, help_text='Raised by itself when it comes near.')),
                ('image_alt', models.CharField(blank=True, max_length=200, verbose_name='what the image shows')),
                ('body', wagtail.fields.StreamField([('text', 0), ('image', 4), ('video', 7), ('quote', 9), ('record', 10), ('answer', 13), ('updates', 15)], blank=True, block_lookup={0: ('wagtail.blocks.TextBlock', (), {'help_text': 'Markdown: a blank line between paragraphs, ## before a heading, **bold**.', 'icon': 'pilcrow'}), 1: ('wagtail.images.blocks.ImageChooserBlock', (), {}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': "What is to be seen, for people who can't see it.", 'max_length': 200}), 3: ('wagtail.blocks.CharBlock', (), {'max_length': 300, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('image', 1), ('alt', 2), ('caption', 3)]], {'icon': 'image'}), 5: ('wagtail.blocks.CharBlock', (), {'max_length': 200}), 6: ('wagtail.blocks.URLBlock', (), {}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('url', 6)]], {'icon': 'media'}), 8: ('wagtail.blocks.TextBlock', (), {}), 9: ('wagtail.blocks.StructBlock', [[('words', 8), ('who', 5)]], {'icon': 'openquote'}), 10: ('wagtail.blocks.IntegerBlock', (), {'default': 5, 'help_text': 'How many of the latest entries.', 'icon': 'list-ol', 'max_value': 20, 'min_value': 1}), 11: ('wagtail.blocks.DateBlock', (), {}), 12: ('wagtail.blocks.URLBlock', (), {'required': False}), 13: ('wagtail.blocks.StructBlock', [[('words', 8), ('on', 11), ('source', 12)]], {'icon': 'comment'}), 14: ('wagtail.blocks.StructBlock', [[('on', 11), ('words', 8)]], {}), 15: ('wagtail.blocks.ListBlock', (14,), {'icon': 'date'})})),
                ('ask_name', models.BooleanField(default=True, verbose_name='ask for the name')),
                ('ask_country', models.BooleanField(default=True, verbose_name='ask for the country')),
                ('ask_postcode', models.BooleanField(default=True, verbose_name='ask for the postcode')),
                ('ask_reason', models.BooleanField(default=True, verbose_name='ask why they sign')),
                ('confirm', models.CharField(blank=True, help_text='Countries whose signers confirm by mail (DE AT …), or * for everyone.', max_length=200)),
                ('share_texts', models.TextField(blank=True, help_text='What sharers send, a line for each; they are tried against each other.')),
                ('next_title', models.CharField(blank=True, max_length=200, verbose_name='one more thing to do')),
                ('next_url', models.CharField(blank=True, help_text='An address of ours, beginning with /.', max_length=200, verbose_name='where it leads')),
                ('thanks_subject', models.CharField(default='Thank you', max_length=200)),
                ('thanks_text', models.TextField(default='{{ first_name | "Friend" }},\n\nYour name is in.\n\n::: ask\nPass it on\n:::\n')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image')),
                ('translation_of', models.ForeignKey(blank=True, help_text='The page that this is a translation of: one petition, one count.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='translations', to='pages.petitionpage')),
            ],
            options={
                'verbose_name': 'petition page',
            },
            bases=('wagtailcore.page',),
        ),
    ]
