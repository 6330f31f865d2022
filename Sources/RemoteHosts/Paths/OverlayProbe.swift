/// A look at whether an overlay network of the Swarm carries packets and names from each of some hosts to each other.
///
/// A network is made for it, and on each host a container that sleeps, of any image that is there; perl of the host, in the
/// container's network, serves and asks. A container ends by itself after a minute, whatever becomes of us; a network that
/// was left is removed by the next look.
public struct OverlayProbe: Sendable, Hashable {
    /// Of the network, and the beginning of the containers' names.
    public let name: String

    static let label = "io.roadstead.doctor"

    /// - Parameter token: small letters and digits.
    public init(token: String) { name = "roadstead-doctor-" + token }

    /// What one host was told of another.
    public struct Answer: Sendable, Hashable {
        /// Whether the name was found; nil: it has another address.
        public var isNamed: Bool?
        /// Whether all bytes came.
        public var isCarried: Bool

        public init(isNamed: Bool?, isCarried: Bool) { (self.isNamed, self.isCarried) = (isNamed, isCarried) }
    }

    public struct Member: Sendable, Hashable {
        public var number: Int
        /// In the overlay network.
        public var address: String

        public init(number: Int, address: String) { (self.number, self.address) = (number, address) }
    }

    // MARK: - Scripts

    /// At a manager.
    var make: String {
        """
        for n in $(timeout 5 docker network ls -q --filter label=\(Self.label)); do
          timeout 5 docker network rm "$n" >/dev/null 2>&1 || true
        done
        exec timeout 6 docker network create -d overlay --attachable --label \(Self.label)=1 \(name) >/dev/null
        """
    }

    /// Prints `address A` of its container, or `no image`.
    func begin(_ number: Int) -> String {
        """
        c=\(name)-\(number)
        for image in $(timeout 5 docker image ls -q --filter dangling=false | uniq | head -n 8); do
          timeout 7 docker run -d --rm --name $c --network \(name) --network-alias node-\(number) --cap-drop ALL \
            --label \(Self.label)=1 --entrypoint sleep "$image" 60 >/dev/null 2>&1 || {
            timeout 5 docker rm -f $c >/dev/null 2>&1; continue; }
          p=$(timeout 5 docker inspect -f '{{.State.Pid}}' $c 2>/dev/null)
          a=$(timeout 5 docker inspect -f '{{(index .NetworkSettings.Networks "\(name)").IPAddress}}' $c 2>/dev/null)
          [ "${p:-0}" -gt 1 ] && [ -n "$a" ] || { timeout 5 docker rm -f $c >/dev/null 2>&1; continue; }
          setsid nsenter -t "$p" -n perl -e \(ShellWord.quoted(Self.server)) </dev/null >/dev/null 2>&1 &
          echo "address $a"
          exit 0
        done
        echo 'no image'
        """
    }

    func ask(_ number: Int, _ members: [Member]) -> String {
        let words = members.filter { $0.number != number }.map { "node-\($0.number)=\($0.address)" }
        return """
            p=$(timeout 5 docker inspect -f '{{.State.Pid}}' \(name)-\(number)) || exit 1
            exec timeout 9 nsenter -t "$p" -n perl -e \(ShellWord.quoted(Self.client)) \(ShellWord.line(words))
            """
    }

    func end(_ number: Int) -> String { "timeout 5 docker rm -f \(name)-\(number) >/dev/null 2>&1 || true" }

    /// The Swarm knows a moment later than the engines that nobody is in it any more.
    var remove: String {
        """
        i=0
        until timeout 5 docker network rm \(name) >/dev/null 2>&1; do
          i=$((i + 1)); [ $i -lt 8 ] || exit 1; sleep 1
        done
        """
    }

    /// More bytes than a packet has: of a way that loses large packets, they never come.
    private static let server = """
        use IO::Socket::INET; alarm 60;
        my $s = IO::Socket::INET->new(LocalPort => 4790, Listen => 32, ReuseAddr => 1) or exit 1;
        while (my $c = $s->accept) { print $c "x" x 8000; close $c }
        """

    /// Names are asked of the engine's own server, which containers have. All others are asked at the same time, each for four
    /// seconds, since the nodes tell each other of a new container within one or two.
    private static let client = #"""
        use IO::Socket::INET;
        sub name { my ($name) = @_;
          my $q = pack("nnnnnn", 7, 256, 1, 0, 0, 0) . pack("C", length $name) . $name . pack("Cnn", 0, 1, 1);
          my $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "127.0.0.11", PeerPort => 53) or return "";
          send($s, $q, 0); my $r = ""; vec($r, fileno($s), 1) = 1;
          select($r, undef, undef, 1) or return ""; recv($s, my $a, 512, 0);
          return length($a) > 12 && unpack("n", substr($a, 6, 2)) ? join(".", unpack("C4", substr($a, -4))) : "" }
        sub bytes { my ($ip) = @_;
          my $s = IO::Socket::INET->new(PeerAddr => $ip, PeerPort => 4790, Timeout => 1) or return 0;
          my $n = 0;
          while ($n < 8000) { my $r = ""; vec($r, fileno($s), 1) = 1;
            select($r, undef, undef, 1) or last; my $k = sysread($s, my $b, 8192); last unless $k; $n += $k }
          return $n }
        for (@ARGV) { next if fork;
          my ($name, $ip) = split /=/; my ($found, $n, $end) = ("", 0, time + 4);
          while (1) { $found = name($name) if $found ne $ip; $n = bytes($ip) if $n < 8000;
            last if ($found eq $ip && $n >= 8000) || time > $end;
            select(undef, undef, undef, 0.3) }
          print "$name ", ($found eq $ip ? "named" : $found eq "" ? "unknown" : "other"), " $n\n"; exit }
        1 while wait > 0;
        print "end\n";
        """#

    /// By the others' numbers; nil when it did not come to its end.
    static func answers(parsing text: String) -> [Int: Answer]? {
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        guard lines.last == ["end"] else { return nil }
        var answers: [Int: Answer] = [:]
        for words in lines where words.count == 3 {
            guard let number = Int(words[0].dropFirst("node-".count)) else { continue }
            let isNamed: Bool? = words[1] == "other" ? nil : words[1] == "named"
            answers[number] = Answer(isNamed: isNamed, isCarried: words[2] == "8000")
        }
        return answers
    }
}

extension RemoteHost {
    public func makeNetwork(_ probe: OverlayProbe) async throws(RemoteHostError) {
        try await succeed(RemoteCommand(feeding: probe.make, asRoot: true, timeLimit: .seconds(8)))
    }

    /// The address of its container; nil where there is no image that can be used.
    public func begin(_ probe: OverlayProbe, as number: Int) async throws(RemoteHostError) -> String? {
        let result = try await run(RemoteCommand(feeding: probe.begin(number), asRoot: true, timeLimit: .seconds(10)))
        let words = result.outputText.split(whereSeparator: \.isWhitespace).map(String.init)
        return words.count == 2 && words[0] == "address" ? words[1] : nil
    }

    public func ask(
        _ probe: OverlayProbe, as number: Int, _ members: [OverlayProbe.Member]
    ) async throws(RemoteHostError) -> [Int: OverlayProbe.Answer] {
        let result = try await run(
            RemoteCommand(feeding: probe.ask(number, members), asRoot: true, timeLimit: .seconds(10)))
        guard let answers = OverlayProbe.answers(parsing: result.outputText) else { throw failure(of: result) }
        return answers
    }

    public func end(_ probe: OverlayProbe, as number: Int) async throws(RemoteHostError) {
        try await succeed(RemoteCommand(feeding: probe.end(number), asRoot: true, timeLimit: .seconds(6)))
    }

    public func removeNetwork(_ probe: OverlayProbe) async throws(RemoteHostError) {
        try await succeed(RemoteCommand(feeding: probe.remove, asRoot: true, timeLimit: .seconds(20)))
    }
}
