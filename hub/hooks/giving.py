"""What plugins give: to a turn, to reading files, to taking conversations away, to the navigation and to the models."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hub.db.figures import Sample
from hub.db.who import Who
from hub.errors import HubError
from hub.hooks.calls import ask, distinct, failed, gather, many, without
from hub.hooks.loading import outside, plugins
from hub.hooks.records import DocumentLoader, Exported, Exporter, Given, Page, Talk
from hub.plugins import finding, switch
from hub.plugins.marked import marked
from hub.served import ServedResource, ServedTool
from hub.turns import Block, Permission, Tool, ToolResult, Turn

if TYPE_CHECKING:
    from hub.models.provided import ModelProvider

_PATH = re.compile(r"[a-z0-9][a-z0-9_-]*")


def chat_context(turn: Turn) -> tuple[list[Block], list[str]]:
    """The blocks of every plugin, and a sentence for each that could not give its own."""
    found, said = gather("chat_context", many(Block), turn=turn)
    return [block for _, block in found], said


def tools(turn: Turn) -> tuple[list[Tool], list[str]]:
    """The tools of every plugin, and a sentence for each that could not give its own."""
    found, said = gather("tools", many(Tool), turn=turn)
    for plugin, module in _modules():
        try:
            found += [(plugin, tool) for tool in many(Tool)(marked(module, turn))]
        except Exception as error:
            failed(plugin, "marked tools", error)
            said.append(without(plugin, error))
    return [_watched(plugin, tool) if outside(plugin) else tool for plugin, tool in found], said


def metrics() -> list[Sample]:
    """The figures of every room and plugin."""
    return [sample for _, sample in gather("metrics", many(Sample))[0]]


def served_tools(who: Who) -> list[ServedTool]:
    """What programs with an API key of `who` may call."""
    return [tool for _, tool in gather("served_tools", many(ServedTool), who=who)[0]]


def served_resources(who: Who) -> list[ServedResource]:
    """What programs with an API key of `who` may read."""
    return [one for _, one in gather("served_resources", many(ServedResource), who=who)[0]]


def _modules() -> list[tuple[str, object]]:
    """The plugins from outside that are loaded and switched on."""
    loaded = [one for one in finding.found() if plugins().has_plugin(one.name)]
    return [(one.name, one.plugin) for one in loaded if switch.enabled(one.name)]


def _watched(plugin: str, tool: Tool) -> Tool:
    """A plugin's tool under an id of its own, so that what is allowed for another tool is never allowed for it; what
    goes wrong in it is kept for the page of plugins."""

    def call(arguments: dict[str, Any]) -> ToolResult:
        try:
            return tool.call(arguments)
        except HubError:
            raise
        except Exception as error:
            failed(plugin, f"tool {tool.name}", error)
            raise

    def decide(arguments: dict[str, Any]) -> Permission:
        try:
            return tool.decide(arguments) if tool.decide else tool.permission
        except Exception as error:
            failed(plugin, f"tool {tool.name}", error)
            return "ask"

    made = replace(tool, id=f"plugin:{plugin}/{tool.name}", group=tool.group or plugin, call=call)
    return replace(made, decide=decide) if tool.decide else made


def model_providers() -> list[tuple[str, ModelProvider]]:
    """Every provider of a plugin, with the plugin's name."""
    return [(plugin, one) for plugin, given in ask("model_providers", list) for one in given]


def document_loaders() -> list[tuple[str, DocumentLoader]]:
    """Every loader, with the name of its plugin."""
    return [(plugin, one) for plugin, given in ask("document_loaders", many(DocumentLoader)) for one in given]


def exported(talk: Callable[[], Talk]) -> tuple[list[Exported], list[str]]:
    """A conversation in every plugin's form, and a sentence for each that could not be made. `talk` is asked for only
    when there is a form."""
    given, said = gather("exporters", many(Exporter))
    read = talk() if given else None
    made: list[Exported] = []
    for plugin, one in distinct(given, lambda one: one.name, "exporters"):
        try:
            made.append(_written(one, read))
        except Exception as error:
            failed(plugin, f"exporter {one.name}", error)
            said.append(without(plugin, error))
    return made, said


def _written(one: Exporter, talk: Talk | None) -> Exported:
    content: Any = one.write(talk) if talk else ""
    if not isinstance(content, str | bytes):
        raise TypeError(f"gave a {type(content).__name__} where text or bytes belong")
    return Exported(str(one.name), str(one.ending).lstrip("."), content)


def pages() -> list[Given]:
    """Every page of a plugin whose address is one and not another plugin's."""
    given = [(plugin, one) for plugin, found in ask("pages", many(Page)) for one in found]
    fitting: list[tuple[str, Page]] = []
    for plugin, page in given:
        if _PATH.fullmatch(page.path):
            fitting.append((plugin, page))
        else:
            failed(plugin, "pages", ValueError(f"{page.path} cannot be the address of a page"))
    return [Given(plugin, page) for plugin, page in distinct(fitting, lambda page: page.path, "pages")]
