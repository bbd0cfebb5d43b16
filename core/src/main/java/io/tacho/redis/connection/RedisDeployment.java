// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis.connection;

import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A deployment of Redis, parsed from its URI. The credentials are read again for every connection.
 *
 * @param uris one of the server or of the sentinels' master; for a cluster the nodes to ask first
 * @param address hosts and ports without credentials, for logs and errors
 * @param user the ACL user, for logs and errors
 */
record RedisDeployment(Kind kind, boolean tls, List<RedisURI> uris, String address, String user) {

    enum Kind {
        STANDALONE,
        SENTINEL,
        CLUSTER
    }

    static final String FORMS = "redis://[[user]:password@]host[:port][/database],"
            + " redis-sentinel://[[user]:password@]host[:port][,host[:port]…][/database]?sentinelMasterId=name"
            + " or redis-cluster://[[user]:password@]host[:port][,host[:port]…]";

    private static final String DEFAULT_USER = "default";
    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;

    private static final String HOST = "(?:\\[[0-9a-fA-F:.]+]|[^:/@?#\\[\\],]+)(?::\\d{1,5})?";
    private static final Pattern FORM = Pattern.compile("(?<scheme>rediss?)(?<kind>-sentinel|-cluster)?://"
            + "(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?"
            + "(?<hosts>" + HOST + "(?:," + HOST + ")*)(?<database>/\\d*)?(?<query>\\?[^#]*)?");
    private static final String MASTER_ID_PARAMETER = "sentinelMasterId";
    private static final String VERIFY_PARAMETER = "verifyPeer";

    /** No value disables the verification of the certificate chain. */
    private static final Set<String> VERIFICATIONS = Set.of("CA", "FULL");

    private static final Pattern MASTER_ID = Pattern.compile("[?&]sentinelMasterId=([^&]+)");

    RedisDeployment {
        uris = List.copyOf(uris);
    }

    /**
     * Parses a URI.
     *
     * @param credentials take precedence over those of the URI; read now and again for every connection
     * @throws IllegalArgumentException with what was expected, without the URI: it may contain a password
     */
    static RedisDeployment of(String uri, Supplier<RedisCredentials> credentials, Duration timeout) {
        Matcher form = FORM.matcher(uri);
        if (!form.matches()) {
            throw rejected("not a Redis URI");
        }
        Kind kind = form.group("kind") == null
                ? Kind.STANDALONE
                : form.group("kind").equals("-sentinel") ? Kind.SENTINEL : Kind.CLUSTER;
        boolean tls = form.group("scheme").equals("rediss");
        requireValid(form.group("query"), kind, tls);
        List<RedisURI> hosts = new ArrayList<>();
        for (String host : form.group("hosts").split(",", -1)) {
            hosts.add(host(form, host, kind));
        }
        if (kind == Kind.STANDALONE && hosts.size() > 1) {
            throw rejected(hosts.size() + " hosts");
        }
        if (kind == Kind.CLUSTER && hosts.get(0).getDatabase() != 0) {
            throw rejected("a database in a cluster, which has none");
        }
        String user = authenticate(hosts, decoded(form.group("user")), decoded(form.group("password")), credentials);
        String address = String.join(
                ",",
                hosts.stream()
                        .map(host -> host.getHost() + ":" + host.getPort())
                        .toList());
        if (kind == Kind.SENTINEL) {
            String masterId = masterId(form.group("query"));
            RedisURI master = master(masterId, hosts, credentials);
            master.setTimeout(timeout);
            return new RedisDeployment(kind, tls, List.of(master), address + "(" + masterId + ")", user);
        }
        hosts.forEach(host -> host.setTimeout(timeout));
        return new RedisDeployment(kind, tls, hosts, address, user);
    }

    private static RedisURI host(Matcher form, String host, Kind kind) {
        // the client replaces an invalid port by the default
        String port = host.replaceFirst("^.*?(:(\\d+))?$", "$2");
        if (!port.isEmpty() && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535)) {
            throw rejected("port " + port);
        }
        int defaultPort = kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT;
        String rest = orEmpty(form.group("database")) + orEmpty(form.group("query"));
        try {
            // without the host, whose name may have an underscore, which java.net.URI rejects
            RedisURI uri = RedisURI.create(form.group("scheme") + "://host" + rest);
            uri.setHost(port.isEmpty() ? host : host.substring(0, host.length() - port.length() - 1));
            uri.setPort(port.isEmpty() ? defaultPort : Integer.parseInt(port));
            return uri;
        } catch (IllegalArgumentException e) {
            // without the cause: it may contain a password
            throw rejected("not a Redis URI");
        }
    }

    /**
     * Sets the credentials of the hosts; returns the user's name. The client resolves them on the connection's event loop: by other
     * providers it continues on another thread, which may report the connection before commands are accepted.
     */
    private static String authenticate(
            List<RedisURI> hosts,
            @Nullable String uriUser,
            @Nullable String uriPassword,
            Supplier<RedisCredentials> credentials) {
        RedisCredentials first = credentials.get();
        String user = first.user() != null ? first.user() : uriUser;
        if (first.password() != null) {
            ImmediateRedisCredentialsProvider login =
                    () -> login(user, Objects.requireNonNull(credentials.get().password()));
            hosts.forEach(host -> host.setCredentialsProvider(login));
        } else if (first.user() != null) {
            throw new IllegalArgumentException("redis-user: given without a password (expected: redis-password too)");
        } else if (user != null || uriPassword != null) {
            // a user without a password is one that needs none, or is rejected by Redis
            char[] password = orEmpty(uriPassword).toCharArray();
            hosts.forEach(host -> host.setCredentialsProvider(new StaticCredentialsProvider(user, password)));
        }
        if (user != null && first.password() == null && uriPassword == null) {
            // it may be a password that was meant
            return "of the URI";
        }
        return user == null ? DEFAULT_USER : user;
    }

    private static io.lettuce.core.RedisCredentials login(@Nullable String user, String password) {
        return io.lettuce.core.RedisCredentials.just(user, password);
    }

    private static RedisURI master(String masterId, List<RedisURI> sentinels, Supplier<RedisCredentials> credentials) {
        RedisCredentials first = credentials.get();
        RedisURI.Builder master = RedisURI.builder()
                .withSentinelMasterId(masterId)
                .withDatabase(sentinels.get(0).getDatabase());
        for (RedisURI host : sentinels) {
            RedisURI sentinel = RedisURI.create("host", host.getPort());
            sentinel.setHost(host.getHost());
            sentinel.applySsl(host);
            if (first.sentinelPassword() != null) {
                ImmediateRedisCredentialsProvider login = () -> login(
                        first.sentinelUser(),
                        Objects.requireNonNull(credentials.get().sentinelPassword()));
                sentinel.setCredentialsProvider(login);
            }
            master.withSentinel(sentinel);
        }
        RedisURI uri = master.build();
        uri.applySsl(sentinels.get(0));
        uri.applyAuthentication(sentinels.get(0));
        return uri;
    }

    private static String masterId(@Nullable String query) {
        Matcher id = MASTER_ID.matcher(orEmpty(query));
        if (!id.find()) {
            throw rejected("no sentinelMasterId");
        }
        return id.group(1);
    }

    /** The client ignores parameters that it does not know, and accepts values that disable verification. */
    private static void requireValid(@Nullable String query, Kind kind, boolean tls) {
        if (query == null || query.length() == 1) {
            return;
        }
        Set<String> given = new HashSet<>();
        for (String parameter : query.substring(1).split("&", -1)) {
            String name = parameter.replaceFirst("=.*", "");
            String value = parameter.substring(Math.min(parameter.length(), name.length() + 1));
            if (!name.equals(MASTER_ID_PARAMETER) && !name.equals(VERIFY_PARAMETER)) {
                throw invalidParameter("'" + name + "'", MASTER_ID_PARAMETER + " or " + VERIFY_PARAMETER);
            }
            if (!given.add(name)) {
                throw invalidParameter(name + " given twice", "once");
            }
            if (name.equals(VERIFY_PARAMETER) && !VERIFICATIONS.contains(value)) {
                throw invalidParameter(name + "=" + value, "CA or FULL");
            }
            if (name.equals(VERIFY_PARAMETER) && !tls) {
                throw invalidParameter(name + " in a URI without TLS", "rediss");
            }
            if (name.equals(MASTER_ID_PARAMETER) && kind != Kind.SENTINEL) {
                throw invalidParameter(name + " in a URI without sentinels", "redis-sentinel");
            }
        }
    }

    private static IllegalArgumentException invalidParameter(String found, String expected) {
        return new IllegalArgumentException("redis: query parameter " + found + " (expected: " + expected + ")");
    }

    private static @Nullable String decoded(@Nullable String part) {
        try {
            return part == null || part.isEmpty()
                    ? null
                    : URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // without the cause: it has a part of the password
            throw rejected("a user or password that is not URL-encoded");
        }
    }

    private static String orEmpty(@Nullable String part) {
        return part == null ? "" : part;
    }

    private static IllegalArgumentException rejected(String found) {
        return new IllegalArgumentException("redis: " + found + " (expected: " + FORMS
                + ", each with rediss for TLS; special characters in a password URL-encoded)");
    }
}
