__version__ = "0.1.0"

from .documented import watch
watch(__name__)
