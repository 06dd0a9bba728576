package io.cairn.erasure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.stream.Stream;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Defines one copy of {@link VectorKernel} per vector width this machine has. Stateless; fails without the Vector API.
 */
final class VectorKernels {
    private VectorKernels() {}

    /** New copies, not yet compiled, narrowest first. */
    static List<Kernel> define() {
        return Stream.of(ByteVector.SPECIES_128, ByteVector.SPECIES_256, ByteVector.SPECIES_512)
                .filter(species -> species.length() <= ByteVector.SPECIES_PREFERRED.length())
                .map(VectorKernels::define)
                .toList();
    }

    private static Kernel define(VectorSpecies<Byte> species) {
        try (InputStream template = VectorKernels.class.getResourceAsStream("VectorKernel.class")) {
            if (template == null) {
                throw new IllegalStateException("the class file of VectorKernel is not beside this one");
            }
            return (Kernel) MethodHandles.lookup()
                    .defineHiddenClassWithClassData(template.readAllBytes(), species, true)
                    .lookupClass()
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (ReflectiveOperationException refused) {
            throw new IllegalStateException("cannot define the vector kernel for " + species, refused);
        }
    }
}
