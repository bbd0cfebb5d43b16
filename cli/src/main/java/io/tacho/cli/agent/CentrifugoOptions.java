// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.agent;

import io.tacho.agent.source.centrifugo.ServerApi;
import io.tacho.agent.source.centrifugo.proxy.ProxySettings;
import io.tacho.agent.source.centrifugo.proxy.UserProxy;
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
            names = "--proxy-listen",
            paramLabel = "HOST:PORT",
            description = "Loopback address for a Centrifugo's refresh and connect proxy, for the distinct users.")
    private @Nullable String proxyListen;

    @Option(
            names = "--proxy-application",
            paramLabel = "URL",
            description = "The application that responds to them: http://127.0.0.1:3000/centrifugo.")
    private @Nullable String proxyApplication;

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
    UserProxy proxy(ScrapeSettings scraped) {
        if (proxyListen == null && proxyApplication == null) {
            return null;
        }
        if (proxyListen == null) {
            throw new IllegalArgumentException("proxy-listen: missing (expected: with proxy-application)");
        }
        if (proxyApplication == null) {
            throw new IllegalArgumentException("proxy-application: missing (expected: with proxy-listen)");
        }
        return new UserProxy(new ProxySettings(
                ListenAddress.parse("proxy-listen", proxyListen),
                ScrapeOptions.uri("proxy-application", proxyApplication),
                scraped.trust()));
    }
}
