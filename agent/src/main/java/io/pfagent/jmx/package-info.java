/** The MXBeans: simple types, and a description for each attribute and operation. */
package io.pfagent.jmx;
