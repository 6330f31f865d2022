extension ComposeDeploy {
    mutating func merge(_ over: ComposeDeploy) {
        mode.override(with: over.mode)
        replicas.override(with: over.replicas)
        endpointMode.override(with: over.endpointMode)
        labels.merge(over.labels) { $1 }
        updateConfig.merge(over.updateConfig) { $0.merge($1) }
        rollbackConfig.merge(over.rollbackConfig) { $0.merge($1) }
        limits.merge(over.limits) { $0.merge($1) }
        reservations.merge(over.reservations) { $0.merge($1) }
        restartPolicy.merge(over.restartPolicy) { $0.merge($1) }
        placement.constraints += over.placement.constraints
        placement.preferences += over.placement.preferences
        placement.maxReplicasPerNode.override(with: over.placement.maxReplicasPerNode)
    }
}

extension ComposeUpdateConfig {
    fileprivate mutating func merge(_ over: ComposeUpdateConfig) {
        parallelism.override(with: over.parallelism)
        delay.override(with: over.delay)
        failureAction.override(with: over.failureAction)
        monitor.override(with: over.monitor)
        maxFailureRatio.override(with: over.maxFailureRatio)
        order.override(with: over.order)
    }
}

extension ComposeResources {
    fileprivate mutating func merge(_ over: ComposeResources) {
        nanoCPUs.override(with: over.nanoCPUs)
        memory.override(with: over.memory)
        pids.override(with: over.pids)
        generic += over.generic
    }
}

extension ComposeRestartPolicy {
    fileprivate mutating func merge(_ over: ComposeRestartPolicy) {
        condition.override(with: over.condition)
        delay.override(with: over.delay)
        maxAttempts.override(with: over.maxAttempts)
        window.override(with: over.window)
    }
}
