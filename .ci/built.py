"""Wheel and source distribution in a folder hold all of the package and nothing else, and say the version that all say.

    python .ci/built.py dist"""
import re, subprocess, sys, tarfile, zipfile
from configparser import ConfigParser
from email import message_from_string
from pathlib import Path

root, dist = Path(__file__).parent.parent, Path(sys.argv[1])
config = ConfigParser(delimiters=['='])
config.read(root/'settings.ini', encoding='utf-8')
cfg = config['DEFAULT']
name = f'{cfg["lib_name"]}-{cfg["version"]}'
wrong = []

def same(what, has, should):
    "Both sets agree; what does not is said"
    for k, files in ('lacks', should - has), ('has also', has - should):
        if files: wrong.append(f'{what} {k}: {", ".join(sorted(files)[:10])}')

tracked = set(subprocess.run(['git', 'ls-files', '-z', cfg['lib_path']], cwd=root, capture_output=True, text=True, check=True).stdout.split('\0')) - {''}
assert len(tracked) > 100, 'this is no clone'
with zipfile.ZipFile(dist/f'{name}-py3-none-any.whl') as f:
    inside, about = set(f.namelist()), f'{name}.dist-info/'
    same('the wheel', {n for n in inside if not n.startswith(about)}, tracked)
    same('in the wheel', {n for n in tracked & inside if f.read(n) == (root/n).read_bytes()}, tracked & inside)      # as committed
    meta = message_from_string(f.read(about+'METADATA').decode())
    scripts = re.findall(r'^(capsnb_\w+) *= *(\S+)$', f.read(about+'entry_points.txt').decode(), re.M)
with tarfile.open(dist/f'{name}.tar.gz') as f: inside = {m.name.removeprefix(name+'/') for m in f if m.isfile()}
more = set('LICENSE MANIFEST.in PKG-INFO README.md CHANGELOG.md CITATION.cff pyproject.toml settings.ini setup.cfg setup.py'.split())
same('the source distribution', {n for n in inside if not n.startswith('capsnb.egg-info/')}, tracked | more)

same('commands', {'='.join(s) for s in scripts}, set(cfg['console_scripts'].split()))
if links := re.findall(r'\]\((?!https?://|#|mailto:)[^)]*\)|src="(?!https?://)[^"]*"', meta.get_payload()):
    wrong.append(f'links that lead nowhere on a package index: {links[:5]}')
says = {'settings.ini': cfg['version'], 'the wheel': meta['Version'],
    '__init__.py': re.search(r'__version__ = "(.*)"', (root/'capsnb/__init__.py').read_text(encoding='utf-8'))[1],
    'CITATION.cff': re.search(r'^version: (.*)$', (root/'CITATION.cff').read_text(encoding='utf-8'), re.M)[1],
    'CHANGELOG.md': re.search(r'^## (\d[\d.]*)', (root/'CHANGELOG.md').read_text(encoding='utf-8'), re.M)[1]}
if len(set(says.values())) > 1: wrong.append(f'versions differ: {says}')
print(*wrong or [f'{name}: {len(tracked)} files, {len(scripts)} commands'], sep='\n')
sys.exit(bool(wrong))
