"""Petitions and other actions as their authors find them in the office: one list, one button for a new one."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.choose_parent import ChooseParentView
from wagtail.admin.viewsets.pages import PageListingViewSet

from groundswell.pages.models import PetitionPage


class _Shelf(ChooseParentView):  # type: ignore[misc]
    """Where a new one goes: below the shelf, never beside it. With one shelf, nobody is asked."""

    def get_valid_parent_pages(self, user: Any) -> Any:
        """Wagtail would offer the root of the tree as well."""
        return super().get_valid_parent_pages(user).filter(depth__gt=1)


class PetitionPages(PageListingViewSet):  # type: ignore[misc]
    """Every petition page there is, of every language."""

    model = PetitionPage
    choose_parent_view_class = _Shelf
    icon = "form"
    menu_label = "Petition pages"
    menu_order = 100
    add_to_admin_menu = True

    @property
    def columns(self) -> list[Any]:
        """Title, language, when it was changed, whether it is live. They all stand under one page, which says nothing."""
        title, *rest = (column for column in self.index_view_class.base_columns if column.name not in ("parent", "bulk_actions"))
        return [title, Column("language", label="Language", accessor="get_language_display", width="12%"), *rest]


@hooks.register("register_admin_viewset")  # type: ignore[untyped-decorator]
def viewset() -> PetitionPages:
    """Below /office/."""
    return PetitionPages("petition_pages", url_prefix="petition-pages")


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]
def without_the_tree(request: HttpRequest, items: list[Any]) -> None:
    """The tree of pages has one shelf, and all that stands on it is in the list."""
    items[:] = [item for item in items if item.name != "explorer"]
