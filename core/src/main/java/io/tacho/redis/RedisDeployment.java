// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A deployment of Redis, as described by its URI.
 *
 * @param uris one of the server or of the sentinels' master; for a cluster the nodes to ask first
 * @param address hosts and ports, never credentials: what logs and errors may show
 */
record RedisDeployment(Kind kind, boolean tls, List<RedisURI> uris, String address) {

    enum Kind {
        STANDALONE,
        SENTINEL,
        CLUSTER
    }

    static final String FORMS = "redis://[[user]:password@]host[:port][/database],"
            + " redis-sentinel://[[user]:password@]host[:port][,host[:port]…][/database]?sentinelMasterId=name"
            + " or redis-cluster://[[user]:password@]host[:port][,host[:port]…]";

    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26379;

    private static final String HOST = "(?:\\[[0-9a-fA-F:.]+]|[^:/@?#\\[\\],]+)(?::\\d{1,5})?";
    private static final Pattern FORM = Pattern.compile("(?<scheme>rediss?)(?<kind>-sentinel|-cluster)?://"
            + "((?<user>[^:@/?#]*)(?::[^@/?#]*)?@)?"
            + "(?<hosts>" + HOST + "(?:," + HOST + ")*)(?<database>/\\d*)?(?<query>\\?[^#]*)?");
    private static final Pattern MASTER_ID = Pattern.compile("[?&]sentinelMasterId=([^&]+)");

    RedisDeployment {
        uris = List.copyOf(uris);
    }

    /** @throws IllegalArgumentException with the expected value, without the URI: it may contain a password */
    static RedisDeployment of(String uri, RedisCredentials credentials, Duration timeout) {
        Matcher form = FORM.matcher(uri);
        if (!form.matches()) {
            throw rejected("not a Redis URI");
        }
        Kind kind = form.group("kind") == null
                ? Kind.STANDALONE
                : form.group("kind").equals("-sentinel") ? Kind.SENTINEL : Kind.CLUSTER;
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
        authenticate(hosts, form.group("user"), credentials);
        String address = String.join(
                ",",
                hosts.stream()
                        .map(host -> host.getHost() + ":" + host.getPort())
                        .toList());
        boolean tls = form.group("scheme").equals("rediss");
        if (kind == Kind.SENTINEL) {
            String masterId = masterId(form.group("query"));
            RedisURI master = master(masterId, hosts, credentials);
            master.setTimeout(timeout);
            return new RedisDeployment(kind, tls, List.of(master), address + "(" + masterId + ")");
        }
        hosts.forEach(host -> host.setTimeout(timeout));
        return new RedisDeployment(kind, tls, hosts, address);
    }

    private static RedisURI host(Matcher form, String host, Kind kind) {
        // the client takes a bad port for the default one
        String port = host.replaceFirst("^.*?(:(\\d+))?$", "$2");
        if (!port.isEmpty() && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65_535)) {
            throw rejected("port " + port);
        }
        String authority = port.isEmpty() ? host + ":" + (kind == Kind.SENTINEL ? SENTINEL_PORT : REDIS_PORT) : host;
        String login = form.group(3) == null ? "" : form.group(3);
        String rest = orEmpty(form.group("database")) + orEmpty(form.group("query"));
        try {
            return RedisURI.create(form.group("scheme") + "://" + login + authority + rest);
        } catch (IllegalArgumentException e) {
            // the cause is not shown, for like the value it may hold a password
            throw rejected("not a Redis URI");
        }
    }

    private static void authenticate(List<RedisURI> hosts, @Nullable String uriUser, RedisCredentials credentials) {
        String user = credentials.user() != null ? credentials.user() : decoded(uriUser);
        String password = credentials.password();
        if (password != null) {
            StaticCredentialsProvider login = new StaticCredentialsProvider(user, password.toCharArray());
            hosts.forEach(host -> host.setCredentialsProvider(login));
        } else if (credentials.user() != null) {
            throw new IllegalArgumentException("redis-user: given without a password (expected: redis-password too)");
        }
    }

    private static RedisURI master(String masterId, List<RedisURI> sentinels, RedisCredentials credentials) {
        RedisURI.Builder master = RedisURI.builder()
                .withSentinelMasterId(masterId)
                .withDatabase(sentinels.get(0).getDatabase());
        for (RedisURI host : sentinels) {
            RedisURI sentinel = RedisURI.create(host.getHost(), host.getPort());
            sentinel.applySsl(host);
            String password = credentials.sentinelPassword();
            if (password != null) {
                sentinel.setCredentialsProvider(
                        new StaticCredentialsProvider(credentials.sentinelUser(), password.toCharArray()));
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

    private static @Nullable String decoded(@Nullable String user) {
        return user == null || user.isEmpty()
                ? null
                : URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String orEmpty(@Nullable String part) {
        return part == null ? "" : part;
    }

    private static IllegalArgumentException rejected(String found) {
        return new IllegalArgumentException("redis: " + found + " (expected: " + FORMS
                + ", each with rediss for TLS; special characters in a password URL-encoded)");
    }
}
