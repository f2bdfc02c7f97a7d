/// The doctor against real proxies and real faults. Proxies come from Debian's packages, which are
/// unpacked and not installed, so that no service is started and the machine stays unchanged.
@NullMarked
package dev.fanfare.doctor.step;

import org.jspecify.annotations.NullMarked;
