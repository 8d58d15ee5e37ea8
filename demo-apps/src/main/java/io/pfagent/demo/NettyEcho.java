package io.pfagent.demo;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.FixedLengthFrameDecoder;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Netty server and its clients over the loopback address, with pooled direct buffers.
 *
 * <p>The pool allocates chunks of some megabytes and cuts the messages' buffers out of them. The
 * chunks are what the kernel sees; who touches a page of one first is whoever gets its first
 * buffer.
 */
public final class NettyEcho {

  private static final String HELP =
      """
      usage: NettyEcho [CONNECTIONS] [MESSAGES] [BYTES]
      Sends messages to an echo server in this JVM and checks what comes back.
        CONNECTIONS  connections at the same time (default 8)
        MESSAGES     messages over each connection (default 1000)
        BYTES        bytes of each message, at least 8 (default 16k)
      """;

  private static final int THREADS = 2;
  private static final int SHUTDOWN_SECONDS = 10;

  private NettyEcho() {}

  /** Runs the demo; {@code --help} lists its arguments. */
  public static void main(String[] args) {
    Launcher.launch(HELP, NettyEcho::run, args);
  }

  static void run(Arguments arguments, PrintStream out) throws Exception {
    int connections = arguments.count("CONNECTIONS", 8);
    int messages = arguments.count("MESSAGES", 1_000);
    int bytes = arguments.size("BYTES", 16 * Arguments.KILO, Long.BYTES);
    arguments.end();

    EventLoopGroup group = new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());
    try {
      Channel server = listen(group);
      List<Promise<Long>> results = new ArrayList<>();
      for (int connection = 0; connection < connections; connection++) {
        Promise<Long> result = group.next().newPromise();
        connect(group, server, new NettyEchoClient(connection, messages, bytes, result));
        results.add(result);
      }
      long sum = 0;
      for (Promise<Long> result : results) {
        sum = 31 * sum + result.get();
      }
      out.printf(
          "NettyEcho: %d connections, %d messages of %d bytes each, checksum %x%n",
          connections, messages, bytes, sum);
    } finally {
      shutDown(group);
    }
  }

  private static Channel listen(EventLoopGroup group) throws InterruptedException {
    return new ServerBootstrap()
        .group(group)
        .channel(NioServerSocketChannel.class)
        // Said aloud because Netty 4.2 would use its adaptive allocator.
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .childHandler(new Echo())
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .sync()
        .channel();
  }

  private static void connect(EventLoopGroup group, Channel server, NettyEchoClient client)
      throws InterruptedException {
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(new FixedLengthFrameDecoder(client.messageBytes()), client);
              }
            })
        .connect(server.localAddress())
        .sync();
  }

  private static void shutDown(EventLoopGroup group) throws InterruptedException {
    group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).sync();
    // Netty's global thread ends by itself once it has been idle for a second.
    GlobalEventExecutor.INSTANCE.awaitInactivity(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
  }

  /** Sends everything back as it came: the buffer that was read is the buffer that is written. */
  // A void promise reports a failed write to exceptionCaught; a failed close has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  @Sharable
  private static final class Echo extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.write(message, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // The client sees the connection end and reports it.
      context.close();
    }
  }
}
