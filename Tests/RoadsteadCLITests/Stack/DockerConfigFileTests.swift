import RoadsteadBasics
import Testing

@testable import RoadsteadCLI

@Suite struct DockerConfigFileTests {
    private let file = DockerConfigFile(
        document(
            """
            {"auths":{"https://index.docker.io/v1/":{"auth":"YWRhOnBhOnNz"},"registry.example.org:5000":{"username":"bob","password":"x"},
              "token.example":{"auth":"","identitytoken":"t"},"empty.example":{}},
             "credHelpers":{"aws.example":"ecr-login"}}
            """))

    private func login(_ registry: String) -> DockerConfigFile.Login? {
        if case .stored(let login) = file.source(of: registry) { login } else { nil }
    }

    @Test("logins are found by host, Docker Hub under each of its names")
    func logins() {
        for name in ["docker.io", "index.docker.io", "registry-1.docker.io"] {
            #expect(login(name)?.username == "ada")
            #expect(login(name)?.password.exposed == "pa:ss")
        }
        #expect(login("registry.example.org:5000")?.username == "bob")
        #expect(login("token.example")?.identityToken?.exposed == "t")
        #expect(file.source(of: "empty.example") == .none)
        #expect(file.source(of: "other.example") == .none)
    }

    @Test("a helper of the registry, then the helper of all, win over the file")
    func helpers() {
        #expect(file.source(of: "aws.example") == .helper("ecr-login"))
        let all = DockerConfigFile(document(#"{"credsStore":"pass","auths":{"a.example":{"auth":"YTpi"}}}"#))
        #expect(all.source(of: "a.example") == .helper("pass"))
        #expect(DockerConfigFile.helperKey("docker.io") == "https://index.docker.io/v1/")
    }

    @Test("passwords do not show")
    func redacted() { #expect(!String(describing: file).contains("pa:ss")) }

    @Test("a helper's answer is a login, a token, or nothing")
    func answers() throws {
        func read(_ status: Int32, _ text: String) throws -> DockerConfigFile.Login? {
            try CredentialHelper.login(status: status, output: Array(text.utf8), helper: "pass", registry: "a.example")
        }
        #expect(try read(0, #"{"Username":"ada","Secret":"s"}"#)?.username == "ada")
        #expect(try read(0, #"{"Username":"<token>","Secret":"t"}"#)?.identityToken?.exposed == "t")
        #expect(try read(1, "credentials not found in native keychain\n") == nil)
        #expect(message { _ = try read(1, "gpg: locked") }.contains("docker-credential-pass"))
        #expect(code { _ = try read(0, "what?") } == .unavailable)
    }

    @Test("a helper that is not installed is named")
    func missing() async {
        let error = await #expect(throws: RoadsteadError.self) {
            _ = try await CredentialHelper.login("no-such-helper-here", registry: "a.example")
        }
        #expect(error?.message.contains("docker-credential-no-such-helper-here") == true)
    }
}
