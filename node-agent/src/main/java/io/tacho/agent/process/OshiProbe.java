// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.process;

import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.InternetProtocolStats.TcpState;
import oshi.software.os.OSProcess;
import oshi.software.os.OperatingSystem;

/**
 * Looks at a process by its id, or at the one that listens on a TCP port of this machine; by OSHI, which knows how on Linux,
 * macOS and Windows. Only the program carries it.
 *
 * <p>Thread safety: one caller at a time.
 */
public final class OshiProbe implements ProcessProbe {

    private static final Logger logger = LoggerFactory.getLogger(OshiProbe.class);

    /** A few failures are bridged with the sample before them. */
    private static final int MAX_FAILURES = 3;

    /** The number of failures if OSHI does not work on this platform. */
    private static final int BROKEN = Integer.MAX_VALUE;

    private final ToIntFunction<OperatingSystem> search;
    private @Nullable OperatingSystem system;
    private int pid;
    private Optional<ProcessNumbers> last = Optional.empty();
    private volatile int failures;

    OshiProbe(ToIntFunction<OperatingSystem> search) {
        this.search = search;
    }

    /** Returns the probe of the process with an id. */
    public static ProcessProbe ofPid(int pid) {
        return new OshiProbe(system -> pid);
    }

    /** Returns the probe of the process that listens on a port; processes of other users are visible to the superuser only. */
    public static ProcessProbe ofListener(int port) {
        return new OshiProbe(system -> listener(system, port));
    }

    private static int listener(OperatingSystem system, int port) {
        List<IPConnection> connections = system.getInternetProtocolStats().getConnections();
        return connections.stream()
                .filter(connection -> connection.getState() == TcpState.LISTEN && connection.getLocalPort() == port)
                .mapToInt(IPConnection::getowningProcessId)
                .filter(owner -> owner > 0)
                .findFirst()
                .orElse(0);
    }

    @Override
    public Optional<ProcessNumbers> sample() {
        if (failures == BROKEN) {
            return Optional.empty();
        }
        try {
            last = look();
            failures = 0;
        } catch (LinkageError e) {
            // its native part does not fit the platform
            failures = BROKEN;
            last = Optional.empty();
            logger.warn("no access to processes; threads, memory and CPU of --pid are unavailable", e);
        } catch (RuntimeException e) {
            failures = Math.min(failures + 1, MAX_FAILURES);
            if (failures == MAX_FAILURES) {
                last = Optional.empty();
            }
            if (failures == 1) {
                logger.warn("the process of the node could not be read; trying again at the next beat", e);
            }
        }
        return last;
    }

    @Override
    public boolean isConclusive() {
        return failures < MAX_FAILURES;
    }

    private Optional<ProcessNumbers> look() {
        if (system == null) {
            system = new SystemInfo().getOperatingSystem();
        }
        OSProcess process = pid > 0 ? system.getProcess(pid) : null;
        if (process == null) {
            pid = search.applyAsInt(system);
            process = pid > 0 ? system.getProcess(pid) : null;
        }
        if (process == null || process.getState() == OSProcess.State.ZOMBIE) {
            pid = 0;
            return Optional.empty();
        }
        return Optional.of(new ProcessNumbers(
                pid,
                process.getThreadCount(),
                process.getResidentMemory(),
                (process.getKernelTime() + process.getUserTime()) * 1_000_000,
                process.getStartTime() / 1_000));
    }
}
