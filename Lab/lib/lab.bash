# lab.bash: loads every part of the lab's library. Sourced by the scripts in the folder above.
# shellcheck shell=bash
LAB_LIB=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
for part in common needs cgroup network base hosts; do
  # shellcheck source=/dev/null
  . "$LAB_LIB/$part.bash"
done
unset part
