"Everything is read from settings.ini, so the two cannot fall out of step"
import re
from configparser import ConfigParser
from pathlib import Path
from setuptools import setup, find_packages

config = ConfigParser(delimiters=['='])
here = Path(__file__).parent
config.read(here/'settings.ini', encoding='utf-8')
cfg = config['DEFAULT']
licenses = {'apache2': 'Apache-2.0'}
statuses = ['1 - Planning', '2 - Pre-Alpha', '3 - Alpha', '4 - Beta', '5 - Production/Stable', '6 - Mature', '7 - Inactive']

# A package index shows README.md without the files beside it, so links to them become addresses.
def address(m): return f'{m[1]}{cfg["git_url"]}/{"raw" if m[2].endswith((".png", ".gif", ".svg")) else "blob"}/{cfg["branch"]}/{m[2]}'
readme = re.sub(r'(\]\(|src=")(?!https?://|#|mailto:)([^)"]*)', address, (here/'README.md').read_text(encoding='utf-8'))

setup(
    name=cfg['lib_name'],
    version=cfg['version'],
    description=cfg['description'],
    long_description=readme,
    long_description_content_type='text/markdown',
    url=cfg['git_url'],
    author=cfg['author'],
    author_email=cfg['author_email'],
    license=licenses[cfg['license']],
    keywords=cfg['keywords'].split(),
    classifiers=[f'Development Status :: {statuses[int(cfg["status"])-1]}',
                 f'Intended Audience :: {cfg["audience"]}',
                 f'Natural Language :: {cfg["language"]}',
                 'Programming Language :: Python :: 3', *(f'Programming Language :: Python :: {v}' for v in cfg['pythons'].split())],
    packages=find_packages(include=[cfg['lib_name'], cfg['lib_name']+'.*']),
    package_data={cfg['lib_name']: cfg['package_data'].split()},
    python_requires='>='+cfg['min_python'],
    install_requires=cfg['requirements'].split(),
    extras_require={name: cfg[f'{name}_requirements'].split() for name in ('dev', 'distributed', 'hub', 'onnx', 'tensorboard')},
    entry_points={'console_scripts': [line.strip() for line in cfg['console_scripts'].splitlines() if line.strip()],
                  'nbdev': [f'{cfg["lib_name"]}={cfg["lib_name"]}._modidx:d']},
    zip_safe=False,
)
