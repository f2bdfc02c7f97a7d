/// The doctor against real proxies and real faults. Proxies come from Debian's packages, which are
/// unpacked and not installed, so that nothing is started or changed on the machine.
@NullMarked
package dev.fanfare.doctor;

import org.jspecify.annotations.NullMarked;
