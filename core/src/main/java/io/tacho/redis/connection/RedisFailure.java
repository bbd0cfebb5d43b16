// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.netty.channel.ConnectTimeoutException;
import io.tacho.concurrent.Failures;
import io.tacho.tls.TlsFailures;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The kinds of failures that an operator of Redis has to distinguish, because each is fixed in another place. */
enum RedisFailure {
    UNKNOWN_HOST,
    CONNECTION_REJECTED,
    NO_RESPONSE,
    TLS,
    CREDENTIALS,
    PERMISSION,
    REPLICA,
    CLUSTER_NODE,
    NO_CLUSTER,
    SENTINEL,
    SLOTS_NOT_SERVED,
    OTHER;

    static final String ROLE = "role: ";
    static final String SENTINEL_MODE = "mode: sentinel";

    /** The message if the server closed a new connection before its response was read, so that the cause is not known. */
    static final String INTERRUPTED_HANDSHAKE = "connection closed during the handshake";

    /** Lettuce's message for it. */
    private static final String NO_HANDSHAKE_HANDLER = "RedisHandshakeHandler not registered";

    private static final String DNS_TIMEOUT = "io.netty.resolver.dns.DnsNameResolverTimeoutException";

    private static final Pattern PERMISSION_TEXT = Pattern.compile(
            "NOPERM|can't run this command|can't access|can't publish|No permissions|has no permissions|ACL failure");
    private static final Pattern CREDENTIALS_TEXT =
            Pattern.compile("WRONGPASS|NOAUTH|invalid password|without any password configured|no password is set");
    private static final Pattern REPLICA_TEXT = Pattern.compile("READONLY|MASTERDOWN|^" + ROLE);
    /** The groups are whether it is a sentinel, the host and the port. */
    private static final Pattern SERVER_TEXT = Pattern.compile(
            "^(?:Unable to connect to \\[?|Cannot connect Redis (Sentinel) at rediss?://(?:[^@/\\s]*@)?)([^/\\s\\]]*?)(?:/[^:\\s]+)?:(\\d{1,5})\\b");

    private static final Pattern COMMAND_TEXT = Pattern.compile("'([^' ]+)' command|command '([^' ]+)'|\\((\\w+)\\)$");

    /** {@return the kind of a failure, by the first of its causes and suppressed failures that has one} */
    static RedisFailure of(Throwable failure) {
        return kind(culprit(failure));
    }

    /** {@return the first of a failure, its causes and suppressed failures that has a kind; the failure itself if none has} */
    static Throwable culprit(Throwable failure) {
        Deque<Throwable> unread = new ArrayDeque<>();
        Set<Throwable> read = Collections.newSetFromMap(new IdentityHashMap<>());
        unread.add(failure);
        while (!unread.isEmpty()) {
            Throwable next = unread.remove();
            if (read.add(next) && kind(next) != OTHER) {
                return next;
            }
            if (next.getCause() != null && !read.contains(next.getCause())) {
                unread.add(next.getCause());
            }
            for (Throwable suppressed : next.getSuppressed()) {
                unread.add(suppressed);
            }
        }
        return failure;
    }

    /**
     * Returns the server to which a connection failed for this cause, {@code server host:port} or {@code sentinel host:port}; null if the
     * failure does not name it.
     */
    static @Nullable String server(Throwable failure, Throwable culprit) {
        Deque<Throwable> unread = new ArrayDeque<>(List.of(failure));
        Set<Throwable> read = Collections.newSetFromMap(new IdentityHashMap<>());
        String server = null;
        while (!unread.isEmpty()) {
            Throwable next = unread.remove();
            Matcher named = SERVER_TEXT.matcher(String.valueOf(next.getMessage()));
            if (read.add(next) && culprit(next) == culprit && named.find()) {
                // the innermost one
                server = (named.group(1) == null ? "server " : "sentinel ") + named.group(2) + ":" + named.group(3);
            }
            if (next.getCause() != null && !read.contains(next.getCause())) {
                unread.add(next.getCause());
            }
            unread.addAll(List.of(next.getSuppressed()));
        }
        return server;
    }

    private static RedisFailure kind(Throwable failure) {
        if (failure instanceof UnknownHostException) {
            return isDnsTimeout(failure.getCause()) ? NO_RESPONSE : UNKNOWN_HOST;
        }
        if (failure instanceof SSLException) {
            return TLS;
        }
        if (failure instanceof ConnectTimeoutException || failure instanceof RedisCommandTimeoutException) {
            return NO_RESPONSE;
        }
        if (failure instanceof ConnectException) {
            return CONNECTION_REJECTED;
        }
        String message = failure.getMessage();
        return message == null || !isOfRedis(failure) ? OTHER : kind(message);
    }

    /** By its name, because the class path may not have the class. */
    private static boolean isDnsTimeout(@Nullable Throwable failure) {
        return failure != null && failure.getClass().getName().equals(DNS_TIMEOUT);
    }

    private static boolean isOfRedis(Throwable failure) {
        return failure instanceof RedisCommandExecutionException || failure instanceof RejectedServerException;
    }

    private static RedisFailure kind(String message) {
        if (PERMISSION_TEXT.matcher(message).find()) {
            return PERMISSION;
        }
        if (CREDENTIALS_TEXT.matcher(message).find()) {
            return CREDENTIALS;
        }
        if (REPLICA_TEXT.matcher(message).find()) {
            return REPLICA;
        }
        if (message.startsWith("CLUSTERDOWN")) {
            return SLOTS_NOT_SERVED;
        }
        if (message.contains("MOVED ") || message.contains("CROSSSLOT")) {
            return CLUSTER_NODE;
        }
        if (message.contains("cluster support disabled")) {
            return NO_CLUSTER;
        }
        return message.startsWith(SENTINEL_MODE) ? SENTINEL : OTHER;
    }

    /** {@return the command that a message of Redis names as the one that is not permitted; null if it names none} */
    static @Nullable String deniedCommand(String message) {
        Matcher named = COMMAND_TEXT.matcher(message);
        if (named.find()) {
            for (int i = 1; i <= named.groupCount(); i++) {
                if (named.group(i) != null) {
                    return named.group(i);
                }
            }
        }
        return null;
    }

    /** {@return the message of the innermost cause; of a TLS failure that of the TLS layer, of a missing class its name} */
    static String message(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof LinkageError || cause instanceof SSLException)
                && cause.getCause() != null
                && cause.getCause() != cause) {
            if (cause.getCause() instanceof FileSystemException) {
                // its message is only the path
                return String.valueOf(cause.getMessage());
            }
            cause = cause.getCause();
        }
        if (cause instanceof SSLException tls) {
            return TlsFailures.describe(tls);
        }
        if (cause instanceof LinkageError) {
            return cause.toString();
        }
        String message = Failures.message(cause);
        return NO_HANDSHAKE_HANDLER.equals(message) ? INTERRUPTED_HANDSHAKE : message;
    }
}
