__version__ = "0.2.0"

from .documented import watch
watch(__name__)
