"""Prints what cloudsplaining or parliament finds in policies: judge name, then files with a list of id and document each."""
import json
import sys


def cloudsplaining(document):
    from cloudsplaining.scan.policy_document import PolicyDocument
    policy = PolicyDocument(document)
    for escalation in policy.allows_privilege_escalation:
        yield f"PrivilegeEscalation[{escalation['type']}]"
    for name, found in {
        'DataExfiltration': policy.allows_data_exfiltration_actions,
        'CredentialsExposure': policy.credentials_exposure,
        'ServiceWildcard': policy.service_wildcard,
        'PermissionsManagement': policy.permissions_management_without_constraints,
        'InfrastructureModification': policy.infrastructure_modification,
    }.items():
        for action in found:
            yield f'{name}[{action}]'


def parliament(document):
    from parliament import analyze_policy_string
    for finding in analyze_policy_string(json.dumps(document)).findings:
        detail = finding.detail
        if isinstance(detail, list):
            detail = ', '.join(sorted({str(each.get('action', each) if isinstance(each, dict) else each) for each in detail}))
        yield f'{finding.issue}[{detail}]'


judge = {'cloudsplaining': cloudsplaining, 'parliament': parliament}[sys.argv[1]]
results = []
for file in sys.argv[2:]:
    with open(file) as policies:
        for policy in json.load(policies):
            for rule in sorted(set(judge(policy['document']))):
                results.append({'file': file, 'logicalId': policy['id'], 'rule': rule})
print(json.dumps(results))
