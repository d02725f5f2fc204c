"""Finds every stand-in: the packages in `providers`, each with its declaration."""

import importlib
import pkgutil

from keyrack.sandbox import providers
from keyrack.sandbox.state.stand_in import StandIn


def stand_ins() -> tuple[StandIn, ...]:
    """The declarations of all stand-ins, in the order of their folders' names.

    The declaration of the folder `name` is `STAND_IN` in `name_stand_in.py`. Raises ImportError or AttributeError when
    there is none, ValueError when it declares another provider.
    """
    return tuple(_declared(each.name) for each in pkgutil.iter_modules(providers.__path__) if each.ispkg)


def _declared(folder: str) -> StandIn:
    module = importlib.import_module(f"{providers.__name__}.{folder}.{folder}_stand_in")
    declared: StandIn = module.STAND_IN
    if declared.id.replace("-", "_") != folder:
        raise ValueError(f"the folder {folder} declares the provider {declared.id}")
    return declared
