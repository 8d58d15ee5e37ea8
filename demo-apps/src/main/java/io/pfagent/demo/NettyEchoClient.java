package io.pfagent.demo;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Promise;
import java.io.IOException;

/**
 * One connection's side of {@link NettyEcho}: keeps some messages on their way, checks every byte
 * that comes back and gives the checksum as its result. Runs on the channel's event loop only.
 */
// A void promise reports a failed write to exceptionCaught; a failed close has nothing to tell.
@SuppressWarnings("FutureReturnValueIgnored")
final class NettyEchoClient extends SimpleChannelInboundHandler<ByteBuf> {

  private static final int MESSAGES_ON_THEIR_WAY = 16;

  private final int connection;
  private final int messages;
  private final int messageBytes;
  private final Promise<Long> result;

  private int sent;
  private int received;
  private long sum;

  /**
   * @param connection number of this connection, part of every message's contents
   * @param result gets the checksum, or the reason why the echo failed
   */
  NettyEchoClient(int connection, int messages, int messageBytes, Promise<Long> result) {
    this.connection = connection;
    this.messages = messages;
    this.messageBytes = messageBytes;
    this.result = result;
  }

  int messageBytes() {
    return messageBytes;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    while (sent < Math.min(messages, MESSAGES_ON_THEIR_WAY)) {
      send(context);
    }
    context.flush();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf echo) throws IOException {
    check(echo);
    received++;
    if (received == messages) {
      result.setSuccess(sum);
      context.close();
    } else if (sent < messages) {
      send(context);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    result.tryFailure(
        new IOException(
            "connection %d ended after %d of %d messages"
                .formatted(connection, received, messages)));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    result.tryFailure(cause);
    context.close();
  }

  private void send(ChannelHandlerContext context) {
    ByteBuf message = context.alloc().directBuffer(messageBytes);
    for (int i = 0; i < messageBytes; i++) {
      message.writeByte(expected(sent, i));
    }
    context.write(message, context.voidPromise());
    sent++;
  }

  private void check(ByteBuf echo) throws IOException {
    for (int i = 0; i < messageBytes; i++) {
      byte value = echo.getByte(i);
      if (value != expected(received, i)) {
        throw new IOException(
            "byte %d of message %d on connection %d came back as %d"
                .formatted(i, received, connection, value));
      }
      sum = 31 * sum + value;
    }
  }

  private byte expected(int message, int index) {
    return (byte) (connection + 3 * message + index);
  }
}
