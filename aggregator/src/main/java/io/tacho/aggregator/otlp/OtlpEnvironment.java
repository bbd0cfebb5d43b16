// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.aggregator.otlp.OtlpSettings.ClientCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the variables of the OpenTelemetry specification. A variable of metrics precedes the one of all signals. */
final class OtlpEnvironment {

    private static final String EXPORTER = "OTEL_EXPORTER_OTLP_";
    private static final String METRICS = EXPORTER + "METRICS_";

    /** A variable that is set. */
    private record Variable(String name, String value) {

        IllegalArgumentException error(String found, String expected) {
            return new IllegalArgumentException(name + ": " + found + " (expected: " + expected + ")");
        }
    }

    private final Map<String, String> environment;

    OtlpEnvironment(Map<String, String> environment) {
        this.environment = environment;
    }

    Optional<OtlpSettings> settings() {
        Variable endpoint = find("ENDPOINT");
        if (endpoint == null
                || "true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"))
                || "none".equals(environment.get("OTEL_METRICS_EXPORTER"))) {
            return Optional.empty();
        }
        choice("PROTOCOL", "http/protobuf", "http/protobuf");
        choice("TEMPORALITY_PREFERENCE", "cumulative", "cumulative");
        return Optional.of(new OtlpSettings(
                endpoint(endpoint),
                headers(),
                millis(find("TIMEOUT"), 10_000),
                choice("COMPRESSION", "none", "none", "gzip"),
                file("CERTIFICATE"),
                client(),
                millis(get("OTEL_METRIC_EXPORT_INTERVAL"), 60_000),
                resource()));
    }

    /** Returns the variable of metrics, otherwise that of all signals, otherwise null. Empty is the same as not set. */
    private @Nullable Variable find(String name) {
        Variable metrics = get(METRICS + name);
        return metrics != null ? metrics : get(EXPORTER + name);
    }

    private @Nullable Variable get(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : new Variable(name, value.strip());
    }

    private static URI endpoint(Variable variable) {
        String expected = "http://host:port or https://host:port, without a user, a query or a fragment";
        try {
            URI uri = new URI(variable.value());
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null) {
                // that of metrics is used as it is
                return variable.name().startsWith(METRICS)
                        ? uri
                        : URI.create(uri.toString().replaceFirst("/*$", "/v1/metrics"));
            }
        } catch (URISyntaxException e) {
            // reported below, without what may be a secret
        }
        throw variable.error("not such a URL", expected);
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        for (String name : new String[] {EXPORTER, METRICS}) {
            Variable variable = get(name + "HEADERS");
            if (variable != null) {
                headers.putAll(pairs(variable));
            }
        }
        return headers;
    }

    /** Parses {@code key=value,key=value} with percent-encoded values. */
    private static Map<String, String> pairs(Variable variable) {
        Map<String, String> pairs = new HashMap<>();
        for (String pair : variable.value().split(",", -1)) {
            int equals = pair.indexOf('=');
            if (pair.isBlank()) {
                continue;
            }
            if (equals < 1) {
                throw variable.error("a part without a name or =", "name=value,name=value");
            }
            try {
                // a plus sign is not a space here
                String value = pair.substring(equals + 1).strip().replace("+", "%2B");
                pairs.put(pair.substring(0, equals).strip(), URLDecoder.decode(value, UTF_8));
            } catch (IllegalArgumentException e) {
                throw variable.error("an invalid percent-encoding", "name=value,name=value");
            }
        }
        return pairs;
    }

    private String choice(String name, String byDefault, String... choices) {
        Variable variable = find(name);
        if (variable == null) {
            return byDefault;
        }
        for (String choice : choices) {
            if (choice.equalsIgnoreCase(variable.value())) {
                return choice;
            }
        }
        throw variable.error("'" + variable.value() + "'", String.join(" or ", choices));
    }

    private static Duration millis(@Nullable Variable variable, long byDefault) {
        if (variable == null) {
            return Duration.ofMillis(byDefault);
        }
        if (!variable.value().matches("[1-9]\\d{2,7}")) {
            throw variable.error("'" + variable.value() + "'", "milliseconds, 100 to 99999999");
        }
        return Duration.ofMillis(Long.parseLong(variable.value()));
    }

    private byte @Nullable [] file(String name) {
        Variable variable = find(name);
        if (variable == null) {
            return null;
        }
        try {
            return Files.readAllBytes(Path.of(variable.value()));
        } catch (IOException | InvalidPathException e) {
            throw variable.error("'" + variable.value() + "'", "a readable file, PEM");
        }
    }

    private @Nullable ClientCertificate client() {
        byte[] certificate = file("CLIENT_CERTIFICATE");
        byte[] key = file("CLIENT_KEY");
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new IllegalArgumentException(
                    EXPORTER + "CLIENT_CERTIFICATE, " + EXPORTER + "CLIENT_KEY: one of them (expected: both or none)");
        }
        return new ClientCertificate(certificate, key);
    }

    private Map<String, String> resource() {
        Variable attributes = get("OTEL_RESOURCE_ATTRIBUTES");
        Map<String, String> resource = attributes == null ? new HashMap<>() : pairs(attributes);
        Variable service = get("OTEL_SERVICE_NAME");
        if (service != null) {
            resource.put("service.name", service.value());
        }
        return resource;
    }
}
