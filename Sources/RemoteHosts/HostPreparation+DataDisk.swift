extension HostPreparation {
    /// `auto`, or the path of a device without anything that a shell could misread.
    public static func isDataDisk(_ text: String) -> Bool {
        guard text != "auto" else { return true }
        return text.hasPrefix("/dev/") && text.utf8.count <= 200 && !text.contains("..") && text.last != "/"
            && text.utf8.allSatisfy { HostAddress.isLetterOrDigit($0) || "/-_.:".utf8.contains($0) }
    }

    /// Puts Docker's folder on a disk of its own. Where it lies on one already, nothing is done.
    ///
    /// Only an empty disk is formatted: no partition, no signature of anything, nobody who uses it, and nothing but zeros in
    /// its first MiB. Its UUID is written down before, so that a host that loses its power meanwhile knows its own disk
    /// again. A disk that is missing at a later boot keeps nobody from the host (`nofail`), but the engine from starting
    /// without its data on the system's disk.
    var dataDisk: String {
        #"""
        wanted=\#(ShellWord.quoted(wishes.dataDisk ?? "")) folder=/var/lib/docker mark=/var/lib/roadstead/data-disk
        die() { echo "$*" >&2; exit 1; }
        ! mountpoint -q $folder || exit 0
        [ -z "$(ls -A $folder 2>/dev/null)" ] || die "$folder has data already: a data disk would hide it; leave data-disk out"
        fault() {
          if [ ! -b "$1" ]; then echo 'is no disk'
          elif [ "$(lsblk -nro NAME "$1" | wc -l)" != 1 ]; then echo 'has partitions, or is part of something'
          elif [ -n "$(lsblk -dnro MOUNTPOINT "$1")" ] || grep -q "^$(readlink -f "$1") " /proc/swaps; then echo 'is in use'
          elif [ "$(lsblk -dnro RO "$1" | tr -d ' ')" != 0 ]; then echo 'cannot be written'
          elif [ -n "$(wipefs -n "$1" 2>&1)" ] || blkid -p "$1" >/dev/null 2>&1; then echo 'is formatted'
          elif [ "$(blockdev --getsize64 "$1")" -lt 1073741824 ]; then echo 'is smaller than 1 GiB'
          elif ! cmp -s -n 1048576 "$1" /dev/zero; then echo 'has data on it'
          fi
        }
        pick() {
          if [ "$wanted" != auto ]; then
            why=$(fault "$wanted")
            [ -z "$why" ] || die "data disk $wanted $why: only an empty disk is taken, and none is emptied here"
            disk=$wanted
            return
          fi
          disk=
          for d in $(lsblk -dnrpo NAME,TYPE | awk '$2 == "disk" {print $1}'); do
            [ -z "$(fault "$d")" ] || continue
            [ -z "$disk" ] || die "there are several empty disks, $disk and $d: name one as data-disk"
            disk=$d
          done
          [ -n "$disk" ] || die 'there is no empty disk of 1 GiB or more: attach one, or leave data-disk out'
        }
        uuid=$(cat $mark 2>/dev/null || true)
        if [ -z "$uuid" ] || ! blkid -U "$uuid" >/dev/null; then
          pick
          uuid=$(cat /proc/sys/kernel/random/uuid)
          install -d -m 755 /var/lib/roadstead
          echo "$uuid" >$mark
          sync $mark
          mkfs.ext4 -q -U "$uuid" -L docker "$disk"
        fi
        grep -qs "^UUID=$uuid " /etc/fstab ||
          printf '\nUUID=%s %s ext4 defaults,nofail,x-systemd.device-timeout=60s 0 2\n' "$uuid" $folder >>/etc/fstab
        put /etc/systemd/system/docker.service.d/20-roadstead-data.conf 644 <<'END'
        [Unit]
        RequiresMountsFor=/var/lib/docker
        END
        install -d -m 710 $folder
        systemctl daemon-reload
        mount $folder
        """#
    }
}
