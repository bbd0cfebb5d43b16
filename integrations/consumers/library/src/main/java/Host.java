import io.tacho.agent.NodeAgent;

class Host {

    public static void main(String... arguments) throws InterruptedException {
        NodeAgent agent = NodeAgent.builder().redis(arguments[0]).name(arguments[1]).start();
        agent.recorder().messagePublished();
        Thread.currentThread().join();
    }
}
