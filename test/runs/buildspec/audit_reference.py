"""What pip-audit reports of the packages of a file: `audit_reference.py PYPI|OSV <url> <file>`."""
import sys

from pip_audit._audit import Auditor
from pip_audit._dependency_source import DependencySource
from pip_audit._format import JsonFormat
from pip_audit._service import OsvService, PyPIService, ResolvedDependency
from packaging.version import Version
from requests.adapters import HTTPAdapter

api, url, requirements = sys.argv[1:]

class Requirements(DependencySource):
    def collect(self):
        with open(requirements) as file:
            for line in file:
                name, _, version = line.strip().partition("==")
                yield ResolvedDependency(name, Version(version))

    def fix(self, fix_version):
        raise NotImplementedError

class Redirection(HTTPAdapter):
    """pip-audit has no option for the address of the PyPI API."""
    def send(self, request, **options):
        request.url = request.url.replace("https://pypi.org/pypi", url)
        return super().send(request, **options)

service = OsvService(osv_url=url) if api == "OSV" else PyPIService()
service.session.mount("https://pypi.org/", Redirection())
print(JsonFormat(True, True).format(dict(Auditor(service).audit(Requirements())), []))
