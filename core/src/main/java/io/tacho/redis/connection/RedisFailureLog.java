// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.RedisCommandExecutionException;
import io.tacho.concurrent.Failures;
import io.tacho.concurrent.StateLog;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why Redis cannot be used: one WARN for each operation when it fails and whenever the cause changes, and one INFO when it
 * works again. All connections of a transport share one log: a cause that concerns the server as a whole is logged once for all.
 *
 * <p>Thread safety: safe.
 */
public final class RedisFailureLog {

    private static final Logger logger = LoggerFactory.getLogger(RedisFailureLog.class);

    /** The causes that concern the server as a whole. */
    private static final Set<String> OF_SERVER =
            EnumSet.complementOf(EnumSet.of(RedisFailure.PERMISSION, RedisFailure.OTHER)).stream()
                    .map(Enum::name)
                    .collect(Collectors.toUnmodifiableSet());

    /** The subject of the causes that concern the server as a whole. */
    private static final String SERVER = "server";

    private final String address;
    private final String user;
    private final String sentinelUser;
    private final LongSupplier nanoTime;
    /** The causes by operation. */
    private final Map<String, String> failing = new ConcurrentHashMap<>();
    /** The last messages by cause. */
    private final Map<String, String> messages = new ConcurrentHashMap<>();

    /** The failures that were logged: of the server, and of each operation that failed for a cause of its own. */
    private final Map<String, StateLog> logs = new ConcurrentHashMap<>();

    private final Set<String> interruptedOnce = ConcurrentHashMap.newKeySet();

    /** Creates a log of the failures of the Redis that the settings name. */
    public RedisFailureLog(RedisSettings settings) {
        this(settings.address(), settings.deployment().user(), settings.sentinelUser(), System::nanoTime);
    }

    RedisFailureLog(String address, String user, String sentinelUser, LongSupplier nanoTime) {
        this.address = address;
        this.user = user;
        this.sentinelUser = sentinelUser;
        this.nanoTime = nanoTime;
    }

    /**
     * Logs a failed operation, unless it failed for the same cause before.
     *
     * @param operation a command with its channel, or a name of what was attempted; one of few
     */
    public synchronized void failed(String operation, Throwable failure) {
        Throwable culprit = RedisFailure.culprit(failure);
        String message = RedisFailure.message(culprit);
        if (message.equals(RedisFailure.INTERRUPTED_HANDSHAKE) && interruptedOnce.add(operation)) {
            // the next attempt has the cause
            return;
        }
        RedisFailure kind = RedisFailure.of(culprit);
        String command = RedisFailure.deniedCommand(message);
        String cause = kind == RedisFailure.PERMISSION ? kind + " " + command : kind.name();
        if (kind == RedisFailure.OTHER
                && !(Failures.unwrap(failure) instanceof RedisCommandExecutionException)
                && failing.values().stream().anyMatch(OF_SERVER::contains)) {
            // a connection that ended, for the cause that is logged already
            return;
        }
        messages.put(cause, message);
        failing.put(operation, cause);
        String subject = OF_SERVER.contains(cause) ? SERVER : operation;
        if (logs.computeIfAbsent(subject, same -> new StateLog(nanoTime)).isNews(cause)) {
            String server = RedisFailure.server(failure, culprit);
            log(
                    kind,
                    server == null || server.equals("server " + address) ? address : address + ", " + server,
                    command == null ? operation : operation + " (" + command + ")",
                    message);
        }
    }

    /** Logs that an operation works again, if it failed before. */
    public void succeeded(String operation) {
        interruptedOnce.remove(operation);
        if (!failing.isEmpty() && failing.remove(operation) != null && isEndNews(operation)) {
            logger.info("Redis at {}: {} works again", address, operation);
        }
    }

    private synchronized boolean isEndNews(String operation) {
        boolean news = isEndNewsOf(operation);
        return (failing.values().stream().noneMatch(OF_SERVER::contains) && isEndNewsOf(SERVER)) || news;
    }

    private boolean isEndNewsOf(String subject) {
        StateLog log = logs.get(subject);
        return log != null && log.isEndNews();
    }

    /** {@return the last messages of the causes that persist, by cause in lower case} */
    public synchronized Map<String, String> problems() {
        messages.keySet().retainAll(failing.values());
        return messages.entrySet().stream()
                .collect(Collectors.toMap(problem -> problem.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
    }

    private void log(RedisFailure kind, String at, String operation, String message) {
        switch (kind) {
            case UNKNOWN_HOST ->
                logger.warn("unknown host in Redis at {}; resolving it again until it is known: {}", at, message);
            case CONNECTION_REJECTED ->
                logger.warn("connection refused by Redis at {}; trying again until it accepts: {}", at, message);
            case NO_RESPONSE ->
                logger.warn("no response of Redis at {}; trying again until it responds: {}", at, message);
            case TLS ->
                logger.warn(
                        "certificate or TLS rejected, Redis at {}; reading the certificates again and trying again: {}",
                        at,
                        message);
            case CREDENTIALS -> logCredentials(at, at.contains(", sentinel "), message);
            case PERMISSION ->
                logger.warn(
                        "permission denied by Redis at {}, user {}, for {}; trying again: {}",
                        at,
                        user,
                        operation,
                        message);
            case REPLICA -> logger.warn("not a master: Redis at {}; not used until it is one: {}", at, message);
            case CLUSTER_NODE ->
                logger.warn(
                        "node of a cluster: Redis at {}; set the scheme redis-cluster:// in the URI: {}", at, message);
            case NO_CLUSTER ->
                logger.warn("not a cluster: Redis at {}; set the scheme redis:// in the URI: {}", at, message);
            case SENTINEL ->
                logger.warn("a sentinel: Redis at {}; set the scheme redis-sentinel:// in the URI: {}", at, message);
            case SLOTS_NOT_SERVED ->
                logger.warn(
                        "slots not served by Redis at {}; trying again until a master serves them: {}", at, message);
            case OTHER -> logger.warn("failed at Redis at {}, {}; trying again: {}", at, operation, message);
        }
    }

    private void logCredentials(String at, boolean isSentinel, String message) {
        if (message.startsWith("NOAUTH")) {
            logger.warn(
                    "password required by Redis at {}, and none is set; set {}: {}",
                    at,
                    isSentinel
                            ? "TACHO_REDIS_SENTINEL_PASSWORD or redis-sentinel-password-file"
                            : "TACHO_REDIS_PASSWORD or redis-password-file, for an ACL user redis-user too",
                    message.replaceFirst(",? otherwise.*", ""));
        } else {
            logger.warn(
                    "user or password rejected by Redis at {}, user {}; reading the password again and trying again: {}",
                    at,
                    isSentinel ? sentinelUser : user,
                    message);
        }
    }
}
