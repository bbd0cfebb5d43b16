// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import io.tacho.cli.program.Program;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The load of the demo: clients for nodes that are there, until a signal ends them. */
@Command(
        name = "clients",
        versionProvider = Program.Version.class,
        description = {
            "Runs clients that follow channels, publish and ask who is there.",
            "A client whose node is gone goes on to the next; ends on SIGTERM and Ctrl-C."
        })
final class DemoClients implements Callable<Integer> {

    private static final Logger logger = LoggerFactory.getLogger(DemoClients.class);

    @Option(
            names = "--url",
            paramLabel = "URL",
            split = ",",
            required = true,
            description = "A node, as ws://host:port/connection/websocket; repeatable, or separated by commas.")
    private List<URI> urls = new ArrayList<>();

    @Option(names = "--clients", paramLabel = "N", description = "How many in total (default: 30).")
    private int clients = 30;

    @Option(names = "--rate", paramLabel = "N", description = "Publishes per second in total (default: 100).")
    private int rate = 100;

    private DemoClients() {}

    @Override
    public Integer call() throws InterruptedException {
        DemoLoad load = new DemoLoad(new LoadSettings(urls, clients, rate));
        Runtime.getRuntime().addShutdownHook(new Thread(load::close, "tacho-demo-shutdown"));
        load.start();
        logger.info("{} clients for {} nodes publish {} times per second", clients, urls.size(), rate);
        new CountDownLatch(1).await();
        return 0;
    }
}
