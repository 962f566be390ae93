"""
Writes a software bill of materials in the format of CycloneDX.

The command of cyclonedx-bom takes several times as long, and would name the Python Package Index as the origin of every
package, whatever the index was. The runner of the buildspec validates the file.
"""
import os, re, sys

sys.path.insert(0, os.environ["TOOL_PACKAGES"])
from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

requirements, report = sys.argv[1:]
bom = Bom()
bom.metadata.tools.components.add(this_component())
with open(requirements) as file:
    for line in file:
        name, _, version = line.strip().partition("==")
        if not name:
            continue
        purl = PackageURL("pypi", None, re.sub("[-_.]+", "-", name).lower(), version)
        bom.components.add(Component(type=ComponentType.LIBRARY, name=name, version=version, purl=purl, bom_ref=str(purl)))
JsonV1Dot6(bom).output_to_file(report, allow_overwrite=True, indent=2)
