import DockerAPI
import Foundation
import RoadsteadBasics
import Testing

@Suite("What an engine says of a service goes back as it came")
struct SpecRoundTripTests {
    /// Every member of the Engine API 1.52's `ServiceSpec` (moby's api/types/swarm and api/types/mount).
    private static let whole = """
        {"Name": "s", "Labels": {"a": "b"}, "TaskTemplate": {
          "ContainerSpec": {
            "Image": "i", "Labels": {"a": "b"}, "Command": ["c"], "Args": ["d"], "Hostname": "h", "Env": ["A=b"],
            "Dir": "/", "User": "u", "Groups": ["g"],
            "Privileges": {
              "CredentialSpec": {"Config": "c", "File": "f", "Registry": "r"},
              "SELinuxContext": {"Disable": true, "User": "u", "Role": "r", "Type": "t", "Level": "l"},
              "Seccomp": {"Mode": "custom", "Profile": "e30="}, "AppArmor": {"Mode": "disabled"},
              "NoNewPrivileges": true},
            "Init": true, "StopSignal": "TERM", "TTY": true, "OpenStdin": true, "ReadOnly": true,
            "Mounts": [
              {"Type": "bind", "Source": "/a", "Target": "/b", "ReadOnly": true, "Consistency": "cached",
               "BindOptions": {"Propagation": "private", "NonRecursive": true, "CreateMountpoint": true,
                 "ReadOnlyNonRecursive": true, "ReadOnlyForceRecursive": true}},
              {"Type": "volume", "Source": "v", "Target": "/v",
               "VolumeOptions": {"NoCopy": true, "Labels": {"a": "b"}, "Subpath": "p",
                 "DriverConfig": {"Name": "local", "Options": {"o": "p"}}}},
              {"Type": "image", "Source": "i", "Target": "/i", "ImageOptions": {"Subpath": "p"}},
              {"Type": "tmpfs", "Target": "/t",
               "TmpfsOptions": {"SizeBytes": 5, "Mode": 511, "Options": [["exec"], ["a", "b"]]}},
              {"Type": "cluster", "Source": "c", "Target": "/c", "ClusterOptions": {}}],
            "StopGracePeriod": 5,
            "Healthcheck": {"Test": ["NONE"], "Interval": 1, "Timeout": 2, "StartPeriod": 3, "StartInterval": 4,
              "Retries": 5},
            "Hosts": ["1.1.1.1 h"], "DNSConfig": {"Nameservers": ["1.1.1.1"], "Search": ["s"], "Options": ["o"]},
            "Secrets": [{"File": {"Name": "n", "UID": "1", "GID": "2", "Mode": 292}, "SecretID": "i",
              "SecretName": "s"}],
            "Configs": [{"File": {"Name": "n", "UID": "1", "GID": "2", "Mode": 292}, "ConfigID": "i",
              "ConfigName": "c"}, {"Runtime": {}, "ConfigID": "i", "ConfigName": "c"}],
            "Isolation": "process", "Sysctls": {"a": "b"}, "CapabilityAdd": ["CAP_A"], "CapabilityDrop": ["CAP_B"],
            "Ulimits": [{"Name": "n", "Soft": 1, "Hard": 2}], "OomScoreAdj": 5},
          "PluginSpec": {"name": "n", "remote": "r", "privileges": [{"name": "n", "description": "d", "value": ["v"]}],
            "disabled": true, "env": ["A=b"]},
          "Resources": {"Limits": {"NanoCPUs": 1, "MemoryBytes": 2, "Pids": 3},
            "Reservations": {"NanoCPUs": 1, "MemoryBytes": 2, "GenericResources": [
              {"NamedResourceSpec": {"Kind": "k", "Value": "v"}}, {"DiscreteResourceSpec": {"Kind": "k", "Value": 3}}]},
            "SwapBytes": 1073741824, "MemorySwappiness": 10},
          "RestartPolicy": {"Condition": "any", "Delay": 1, "MaxAttempts": 2, "Window": 3},
          "Placement": {"Constraints": ["c"], "Preferences": [{"Spread": {"SpreadDescriptor": "s"}}], "MaxReplicas": 2,
            "Platforms": [{"Architecture": "a", "OS": "o"}]},
          "Networks": [{"Target": "n", "Aliases": ["a"], "DriverOpts": {"a": "b"}}],
          "LogDriver": {"Name": "n", "Options": {"a": "b"}}, "ForceUpdate": 4, "Runtime": "container"},
        "Mode": {"Replicated": {"Replicas": 2}},
        "UpdateConfig": {"Parallelism": 1, "Delay": 2, "FailureAction": "pause", "Monitor": 3, "MaxFailureRatio": 0.5,
          "Order": "stop-first"},
        "RollbackConfig": {"Parallelism": 1, "Delay": 2, "FailureAction": "pause", "Monitor": 3, "MaxFailureRatio": 0.5,
          "Order": "stop-first"},
        "EndpointSpec": {"Mode": "vip", "Ports": [{"Name": "n", "Protocol": "tcp", "TargetPort": 80,
          "PublishedPort": 8080, "PublishMode": "ingress"}]}}
        """

    @Test("no member of a service's spec is lost when it is read and written")
    func serviceSpec() throws {
        let given = try JSONValue.parse(Array(Self.whole.utf8))
        let spec = try JSONDecoder().decode(ServiceSpec.self, from: Data(Self.whole.utf8))
        let written = try JSONValue.parse([UInt8](try JSONEncoder().encode(spec)))
        #expect(written == given)
    }
}
