// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import io.tacho.agent.source.centrifugo.ServerApi;
import io.tacho.agent.source.centrifugo.refresh.RefreshProxy;
import io.tacho.agent.source.centrifugo.refresh.RefreshSettings;
import io.tacho.agent.source.scrape.ScrapeSettings;
import io.tacho.cli.program.ListenAddress;
import io.tacho.cli.program.SecretFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of a Centrifugo, in addition to those of its metrics. */
final class CentrifugoOptions {

    @Option(
            names = "--source-api",
            paramLabel = "URL",
            description = "The server API of a Centrifugo, for uid and name of its info: http://127.0.0.1:8000/api.")
    private @Nullable String api;

    @Option(
            names = "--source-api-key-file",
            paramLabel = "PATH",
            description = "File with its API key; or TACHO_SOURCE_API_KEY in the environment.")
    private @Nullable SecretFile apiKeyFile;

    @Option(
            names = "--refresh-listen",
            paramLabel = "HOST:PORT",
            description = "Loopback address for a Centrifugo's refresh proxy, for the distinct users of the cluster.")
    private @Nullable String refreshListen;

    @Option(
            names = "--refresh-url",
            paramLabel = "URL",
            description = "The application's response to a refresh: http://127.0.0.1:3000/centrifugo/refresh.")
    private @Nullable String refreshUrl;

    /** Returns the server API; null if none is given. */
    @Nullable
    ServerApi serverApi(@Nullable CommandSpec command, ScrapeSettings scraped) {
        return api == null
                ? null
                : new ServerApi(
                        ScrapeOptions.uri("source-api", api),
                        SecretFile.read(command, "source-api-key", apiKeyFile),
                        scraped.trust(),
                        scraped.timeout());
    }

    /**
     * Returns the proxy; null if none is given.
     *
     * @throws IllegalArgumentException naming the invalid setting
     */
    @Nullable
    RefreshProxy refreshProxy(ScrapeSettings scraped) {
        if (refreshListen == null && refreshUrl == null) {
            return null;
        }
        if (refreshListen == null) {
            throw new IllegalArgumentException("refresh-listen: missing (expected: with refresh-url)");
        }
        if (refreshUrl == null) {
            throw new IllegalArgumentException("refresh-url: missing (expected: with refresh-listen)");
        }
        return new RefreshProxy(new RefreshSettings(
                ListenAddress.parse("refresh-listen", refreshListen),
                ScrapeOptions.uri("refresh-url", refreshUrl),
                scraped.trust()));
    }
}
