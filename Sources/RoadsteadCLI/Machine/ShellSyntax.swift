import ArgumentParser

/// How shells set variables, as docker-machine prints it.
enum ShellSyntax: String, ExpressibleByArgument, CaseIterable, Sendable {
    case bash, zsh, sh, fish, cmd, powershell, tcsh, csh, emacs

    /// The shell of `SHELL`; bash's way when that says nothing.
    static func make(_ environment: [String: String]) -> ShellSyntax {
        let name = (environment["SHELL"] ?? "").split(separator: "/").last.map(String.init)
        return name.flatMap(ShellSyntax.init(rawValue:)) ?? .bash
    }

    func set(_ name: String, _ value: String) -> String {
        switch self {
        case .bash, .zsh, .sh: "export \(name)=\"\(quoted(value))\""
        case .fish: "set -gx \(name) \"\(quoted(value))\";"
        case .cmd: "SET \(name)=\(value)"
        case .powershell: "$Env:\(name) = \"\(quoted(value))\""
        case .tcsh, .csh: "setenv \(name) \"\(quoted(value))\";"
        case .emacs: "(setenv \"\(name)\" \"\(quoted(value))\")"
        }
    }

    func unset(_ name: String) -> String {
        switch self {
        case .bash, .zsh, .sh: "unset \(name)"
        case .fish: "set -e \(name);"
        case .cmd: "SET \(name)="
        case .powershell: "Remove-Item Env:\\\\\(name)"
        case .tcsh, .csh: "unsetenv \(name);"
        case .emacs: "(setenv \"\(name)\" nil)"
        }
    }

    /// How the command is to be used, as comments of the shell.
    func hint(_ call: String) -> [String] {
        switch self {
        case .bash, .zsh, .sh: ["# Run this command to configure your shell:", "# eval \"$(\(call))\""]
        case .fish: ["# Run this command to configure your shell:", "# eval (\(call))"]
        case .cmd:
            [
                "REM Run this command to configure your shell:",
                "REM @FOR /f \"tokens=*\" %i IN ('\(call) --shell cmd') DO @%i",
            ]
        case .powershell:
            ["# Run this command to configure your shell:", "# & \(call) --shell powershell | Invoke-Expression"]
        case .tcsh, .csh: ["# Run this command to configure your shell:", "# eval `\(call) --shell tcsh`"]
        case .emacs: [";; Run this command to configure your shell:", ";; (eval-buffer)"]
        }
    }

    /// Inside double quotes.
    private func quoted(_ value: String) -> String {
        let special: String
        let escape: String
        switch self {
        case .bash, .zsh, .sh: (special, escape) = ("\\\"$`", "\\")
        case .fish: (special, escape) = ("\\\"$", "\\")
        case .powershell: (special, escape) = ("\"$`", "`")
        case .tcsh, .csh, .cmd: (special, escape) = ("", "")
        case .emacs: (special, escape) = ("\\\"", "\\")
        }
        return value.map { special.contains($0) ? escape + String($0) : String($0) }.joined()
    }
}
