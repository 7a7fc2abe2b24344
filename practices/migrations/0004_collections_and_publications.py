"""What readers keep and put together, and what is bound of it."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import practices.models.collections
import practices.models.publications
from network import operations
from network.translation.operations import FOURTEEN


class Migration(operations.Migration):
    replaces = [("practices", "0005_bookmarks"), ("practices", "0010_collections"), ("practices", "0020_publications")]
    dependencies = [
        ("practices", "0003_versions_and_reviews"),
        ("cities", "0001_initial"),
        ("membership", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookmarks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bookmarks",
                        to="practices.practice",
                        verbose_name="practice",
                    ),
                ),
            ],
            options={
                "verbose_name": "bookmark",
                "verbose_name_plural": "bookmarks",
                "ordering": ["-since", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "practice"), name="bookmarked_once"),
                ],
                "indexes": [
                    models.Index(fields=["user", "-since", "-id"], name="bookmark_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "opaque_id",
                    models.CharField(
                        default=practices.models.collections.opaque_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("introduction", models.TextField(blank=True, verbose_name="introduction")),
                ("cover_note", models.TextField(blank=True, verbose_name="note on the cover")),
                ("language", models.CharField(choices=FOURTEEN, default="en", max_length=5, verbose_name="language")),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("private", "Only its members"),
                            ("link", "Everyone who has the link"),
                            ("public", "Everyone: it stands in the list"),
                        ],
                        default="private",
                        max_length=8,
                        verbose_name="who reads it",
                    ),
                ),
                ("hidden_reason", models.CharField(blank=True, max_length=300, verbose_name="why it was hidden")),
                ("demo", models.BooleanField(default=False, verbose_name="demonstration")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "verbose_name": "collection",
                "verbose_name_plural": "collections",
                "ordering": ["-updated_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("visibility", "public")),
                        fields=["-updated_at", "-id"],
                        name="collection_public_newest",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hidden_reason", ""), ("visibility", "private"), _connector="OR"),
                        name="hidden_collection_private",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectionChapter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="chapters", to="practices.collection"
                    ),
                ),
            ],
            options={
                "verbose_name": "chapter",
                "verbose_name_plural": "chapters",
                "ordering": ["collection_id", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="CollectionItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                ("comment", models.CharField(blank=True, max_length=300, verbose_name="comment")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "chapter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="items",
                        to="practices.collectionchapter",
                        verbose_name="chapter",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="practices.collection"
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="practices.practice",
                        verbose_name="practice",
                    ),
                ),
            ],
            options={
                "verbose_name": "practice in a collection",
                "verbose_name_plural": "practices in collections",
                "ordering": ["collection_id", "position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "practice"), name="once_among_practices"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectionInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("editor", "Editor"), ("viewer", "Viewer")],
                        default="editor",
                        max_length=8,
                        verbose_name="role",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="practices.collection",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation to a collection",
                "verbose_name_plural": "invitations to collections",
                "ordering": ["-id"],
                "indexes": [models.Index(django.db.models.functions.text.Lower("email"), name="collection_invited")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("collection"),
                        django.db.models.functions.text.Lower("email"),
                        name="one_invitation_per_address",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectionMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Owner"), ("editor", "Editor"), ("viewer", "Viewer")],
                        max_length=8,
                        verbose_name="role",
                    ),
                ),
                (
                    "since",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="since"),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="members", to="practices.collection"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="collection_memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "member of a collection",
                "verbose_name_plural": "members of collections",
                "ordering": ["collection_id", "id"],
                "constraints": [models.UniqueConstraint(fields=("collection", "user"), name="once_in_a_collection")],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "opaque_id",
                    models.CharField(
                        default=practices.models.collections.opaque_id, editable=False, max_length=24, unique=True
                    ),
                ),
                ("of_search", models.BooleanField(default=False, editable=False)),
                ("query", models.TextField(blank=True, verbose_name="search")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="kept since")),
                (
                    "collection",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="publications",
                        to="practices.collection",
                        verbose_name="collection",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="publications",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PublicationVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="number")),
                ("order_key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("subtitle", models.CharField(blank=True, max_length=200, verbose_name="subtitle")),
                ("cover_note", models.TextField(blank=True, verbose_name="note on the cover")),
                ("foreword", models.TextField(blank=True, verbose_name="foreword")),
                (
                    "words_language",
                    models.CharField(
                        choices=FOURTEEN, default="en", max_length=5, verbose_name="language of title and foreword"
                    ),
                ),
                ("language", models.CharField(choices=FOURTEEN, default="en", max_length=5, verbose_name="language")),
                (
                    "chapters",
                    models.CharField(
                        choices=[
                            ("own", "In their order, with the collection’s own chapters"),
                            ("theme", "By theme"),
                            ("city", "By city"),
                        ],
                        default="own",
                        max_length=8,
                        verbose_name="chapters",
                    ),
                ),
                ("plan", models.JSONField(default=list)),
                ("ordered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("running", "Being made"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                            ("removed", "Removed"),
                        ],
                        default="queued",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "fault",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("empty", "None of its practices is public any more."),
                            ("typesetting", "The pages could not be set. We have been told."),
                            ("too_long", "It took too long. Choose fewer practices, or try again later."),
                            ("lost", "It was begun three times and never finished. We have been told."),
                            ("error", "Something went wrong. We have been told."),
                        ],
                        max_length=12,
                        verbose_name="why it failed",
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("token", models.UUIDField(blank=True, editable=False, null=True)),
                ("lease_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("file", models.FileField(blank=True, upload_to=practices.models.publications.storage_name)),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="size in bytes")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("content", models.FileField(blank=True, upload_to=practices.models.publications.storage_name)),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="pages")),
                ("practices", models.PositiveSmallIntegerField(default=0, verbose_name="practices")),
                ("left_out", models.PositiveSmallIntegerField(default=0, verbose_name="left out")),
                (
                    "city",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
                (
                    "network",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="membership.network",
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="practices.publication"
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a publication",
                "verbose_name_plural": "versions of publications",
                "ordering": ["publication_id", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("publication", "number"), name="one_edition_per_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(
                                models.Q(("file", ""), _negated=True),
                                models.Q(("sha256", ""), _negated=True),
                                models.Q(("content", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ready_publication_has_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            models.Q(("lease_until__isnull", False), ("token__isnull", False)),
                            _connector="OR",
                        ),
                        name="running_publication_has_lease",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "running"))),
                        fields=["id"],
                        name="publication_to_make",
                    ),
                    models.Index(condition=models.Q(("state", "ready")), fields=["ended_at"], name="publication_made"),
                ],
            },
        ),
    ]
