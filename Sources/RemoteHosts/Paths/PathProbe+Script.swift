extension PathProbe {
    /// Perl, which every Debian and Ubuntu has (perl-base), where python3 and nc may be missing.
    ///
    /// Raw sockets get a copy of each packet behind the host's own packet filter, whether or not somebody listens at its
    /// port: so it is seen what arrives, before a Swarm is there as well as after. Sizes are tried at 4789/udp, since that is
    /// the way that they matter for; without VXLAN's flag the kernel drops them there in silence.
    static let script = #"""
        # perl - TOKEN NUMBER ROUNDS PEER...; a peer is NUMBER=ADDRESS=manager|worker, the host itself among them.
        use strict;
        use warnings;
        use Socket qw(:all);
        $| = 1;
        my ($token, $me, $rounds, @words) = @ARGV;
        my (%address, %role);
        for (@words) { my ($name, $ip, $role) = split /=/; ($address{$name}, $role{$name}) = ($ip, $role) }
        my @peers = grep { $_ ne $me } sort keys %address;
        my @sizes = (9001, 9000, 8950, 8500, 1500, 1492, 1480, 1476, 1472, 1468, 1462, 1460, 1458, 1454, 1450, 1446, 1442, 1440,
            1438, 1436, 1432, 1428, 1424, 1420, 1412, 1408, 1400, 1392, 1390, 1380, 1370, 1360, 1350, 1340, 1320, 1300, 1280,
            1200, 1000, 576);
        sub v6 { $_[0] =~ /:/ }
        sub target {
            my ($name, $port) = @_;
            my $ip = $address{$name};
            my $packed = v6($ip) ? inet_pton(AF_INET6, $ip) : inet_aton($ip);
            die "'$ip' is no address\n" unless defined $packed;
            return v6($ip) ? pack_sockaddr_in6($port, $packed) : pack_sockaddr_in($port, $packed);
        }
        sub sender {
            my ($family) = @_;
            socket(my $s, $family, SOCK_DGRAM, 0) or die "udp: $!\n";
            # IP_MTU_DISCOVER and IPV6_MTU_DISCOVER to PROBE: not to be cut in pieces, whatever was learned before.
            setsockopt($s, $family == AF_INET ? 0 : 41, $family == AF_INET ? 10 : 23, pack("i", 3)) or die "mtu: $!\n";
            return $s;
        }
        my (%out, @raw);
        for my $family (AF_INET, AF_INET6) {
            next unless grep { ($family == AF_INET6) == !!v6($address{$_}) } @peers;
            $out{$family} = sender($family);
            for my $protocol (17, 6) {
                socket(my $s, $family, SOCK_RAW, $protocol) or die "raw: $!\n";
                # SO_RCVBUFFORCE: on a busy host all its packets come by here.
                setsockopt($s, SOL_SOCKET, 33, pack("i", 8 << 20));
                push @raw, [$s, $family, $protocol];
            }
        }
        my (%heard, %mtu, %named, @syns);
        my $is_manager = $role{$me} eq 'manager';
        my @needed = ('udp/7946', 'udp/4789', 'tcp/7946', $is_manager ? 'tcp/2377' : ());
        sub note { my ($name, $what) = @_; $heard{"$name $what"} = 1 if defined $name }
        sub read_one {
            my ($s, $family, $protocol) = @{ $_[0] };
            my $from = recv($s, my $packet, 65536, MSG_DONTWAIT);
            return 0 unless defined $from;
            my $source;
            if ($family == AF_INET) {
                $source = substr($packet, 12, 4);
                substr($packet, 0, 4 * (ord($packet) & 15)) = '';
            } else { $source = (unpack_sockaddr_in6($from))[1] }
            my ($source_port, $port) = unpack('nn', $packet);
            if ($protocol == 17) {
                return 1 unless $port == 7946 || $port == 4789;
                my ($mark, $name, $size) = split / /, substr($packet, 8, 200);
                return 1 unless defined $size && $mark eq "RSP$token" && $address{$name};
                $named{$source} = $name;
                note($name, "udp/$port");
                $mtu{$name} = $size if $port == 4789 && $size > ($mtu{$name} // 0);
            } elsif (($port == 7946 || $port == 2377) && (ord(substr($packet, 13, 1)) & 18) == 2) {
                push @syns, [$source, $port];
            }
            return 1;
        }
        my %connecting;
        sub send_round {
            for my $name (@peers) {
                my $family = v6($address{$name}) ? AF_INET6 : AF_INET;
                my $header = $family == AF_INET ? 28 : 48;
                for my $size (@sizes) {
                    my $text = "RSP$token $me $size ";
                    send($out{$family}, $text . '.' x ($size - $header - length $text), 0, target($name, 4789));
                }
                send($out{$family}, "RSP$token $me 0 ", 0, target($name, 7946));
                for my $port (7946, $role{$name} eq 'manager' ? 2377 : ()) {
                    next if $heard{"open $name tcp/$port"};
                    socket(my $s, $family, SOCK_STREAM, 0) or next;
                    # F_SETFL, O_NONBLOCK.
                    fcntl($s, 4, 2048);
                    connect($s, target($name, $port));
                    close $connecting{"$name $port"} if $connecting{"$name $port"};
                    $connecting{"$name $port"} = $s;
                }
            }
        }
        sub collect {
            for my $key (keys %connecting) {
                my ($name, $port) = split / /, $key;
                my $s = $connecting{$key};
                next unless getpeername($s);
                $heard{"open $name tcp/$port"} = 1;
                close $s;
                delete $connecting{$key};
            }
            note($named{ $_->[0] }, "tcp/$_->[1]") for @syns;
        }
        # Of 0.4 s each. The others may hear us later than we hear them: once all is heard, three more.
        my $more = 3;
        for (1 .. $rounds) {
            send_round();
            my $left = 0.4;
            while ($left > 0) {
                my $bits = '';
                vec($bits, fileno $_->[0], 1) = 1 for @raw;
                (undef, $left) = select($bits, undef, undef, $left);
                for my $one (@raw) { my $n = 0; $n++ while $n < 2000 && read_one($one) }
            }
            collect();
            my $missing = grep { my $name = $_; grep { !$heard{"$name $_"} } @needed } @peers;
            last if !$missing && !$more--;
        }
        for my $name (@peers) {
            print "heard $name $_\n" for grep { $heard{"$name $_"} } @needed;
            print "open $name tcp/$_\n" for grep { $heard{"open $name tcp/$_"} } 7946, 2377;
            print "mtu $name $mtu{$name}\n" if $mtu{$name};
        }
        print "end\n";
        """#
}
