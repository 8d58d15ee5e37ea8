package io.pfagent.jmx;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Optional;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.StandardEmitterMBean;

/**
 * An MXBean that shows the {@link Description}s of its interface, and sends the notifications of
 * its implementation.
 */
final class DescribedBean extends StandardEmitterMBean {

  private final Class<?> type;

  <T> DescribedBean(T implementation, Class<T> type) {
    super(implementation, type, true, emitter(implementation));
    this.type = type;
  }

  @Override
  protected String getDescription(MBeanInfo info) {
    return type.getAnnotation(Description.class).value();
  }

  @Override
  protected String getDescription(MBeanAttributeInfo info) {
    return method((info.isIs() ? "is" : "get") + info.getName(), 0)
        .map(method -> method.getAnnotation(Description.class).value())
        .orElse(info.getName());
  }

  @Override
  protected String getDescription(MBeanOperationInfo info) {
    return operation(info)
        .map(method -> method.getAnnotation(Description.class).value())
        .orElse(info.getName());
  }

  @Override
  protected String getParameterName(
      MBeanOperationInfo operation, MBeanParameterInfo parameter, int position) {
    return parameter(operation, position).map(Description::name).orElse(parameter.getName());
  }

  @Override
  protected String getDescription(
      MBeanOperationInfo operation, MBeanParameterInfo parameter, int position) {
    return parameter(operation, position).map(Description::value).orElse(parameter.getName());
  }

  @Override
  protected int getImpact(MBeanOperationInfo info) {
    return info.getName().startsWith("top") ? MBeanOperationInfo.INFO : MBeanOperationInfo.ACTION;
  }

  /** A bean that has nothing to tell says so by an empty list. */
  private static NotificationEmitter emitter(Object implementation) {
    return implementation instanceof NotificationEmitter emitter
        ? emitter
        : new NotificationBroadcasterSupport();
  }

  private Optional<Description> parameter(MBeanOperationInfo operation, int position) {
    return operation(operation)
        .map(method -> method.getParameters()[position].getAnnotation(Description.class));
  }

  private Optional<Method> operation(MBeanOperationInfo info) {
    return method(info.getName(), info.getSignature().length);
  }

  private Optional<Method> method(String name, int parameters) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> method.getParameterCount() == parameters)
        .findFirst();
  }
}
