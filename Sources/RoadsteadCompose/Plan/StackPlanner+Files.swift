import DockerAPI
import RoadsteadBasics

extension StackPlanner {
    mutating func configStep(_ spec: FileSpec) -> PlanStep {
        guard let config = live.config(named: spec.name) else {
            return PlanStep(.config, spec.name, .create, payload: .file(spec))
        }
        checkOwner("config", spec.name, config.spec.labels)
        if spec.data.orNil != config.spec.data.orNil {
            refuse(.invalidState, immutable("config", spec.name, "its data"))
        } else if spec.templating != config.spec.templating {
            refuse(.invalidState, immutable("config", spec.name, "its template driver"))
        }
        let action = labelAction(spec, config.spec, otherwise: .unchanged)
        return PlanStep(
            .config, spec.name, action, id: config.id, version: config.version, payload: .file(spec))
    }

    mutating func secretStep(_ spec: FileSpec) -> PlanStep {
        guard let secret = live.secret(named: spec.name) else {
            return PlanStep(.secret, spec.name, .create, payload: .file(spec))
        }
        checkOwner("secret", spec.name, secret.spec.labels)
        if spec.templating != secret.spec.templating || spec.driver != secret.spec.driver {
            refuse(.invalidState, immutable("secret", spec.name, "its driver"))
        }
        let action = labelAction(spec, secret.spec, otherwise: spec.data == nil ? .unchanged : .check)
        return PlanStep(
            .secret, spec.name, action, id: secret.id, version: secret.version, payload: .file(spec))
    }

    /// One without a stack's label is taken over, as docker does; another stack's is not.
    private mutating func checkOwner(_ kind: String, _ name: String, _ labels: [String: String]?) {
        guard let owner = labels?[DesiredStack.namespaceLabel], owner != desired.name else { return }
        refuse(
            .conflict,
            "\(kind) \(name) already exists and belongs to stack \(owner): give it another name (name: in the "
                + "file's \(kind)s), or declare it as external")
    }

    private func immutable(_ kind: String, _ name: String, _ what: String) -> String {
        SwarmWords.immutableFile(kind: kind, name: name, what: what)
    }

    private func labelAction(
        _ desired: FileSpec, _ live: FileSpec, otherwise: PlanStep.Action
    ) -> PlanStep.Action {
        guard desired.labels.orNil != live.labels.orNil else { return otherwise }
        let keys = Set(desired.labels?.keys ?? [:].keys).union(live.labels?.keys ?? [:].keys).sorted()
        return .update(
            keys.filter { desired.labels?[$0] != live.labels?[$0] }.map { key in
                FieldChange(
                    path: "Labels.\(key)", from: live.labels?[key].map(JSONValue.string),
                    to: desired.labels?[key].map(JSONValue.string))
            })
    }
}
