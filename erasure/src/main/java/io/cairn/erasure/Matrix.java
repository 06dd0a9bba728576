package io.cairn.erasure;

import io.cairn.base.Checks;
import java.util.Arrays;

/** A matrix over {@link Galois}, as rows of elements 0 to 255. Immutable: nobody writes to it once it is built. */
record Matrix(int[][] cells, int columns) {
    /**
     * The generator of a scheme: one row per shard, the identity above the Cauchy rows 1/(row ⊕ column). The same as
     * ISA-L's {@code gf_gen_cauchy1_matrix}. Any k of its rows can be inverted, because every square part of a Cauchy
     * matrix can.
     */
    static Matrix generator(ErasureScheme scheme) {
        int[][] cells = new int[scheme.shards()][scheme.data()];
        for (int row = 0; row < scheme.shards(); row++) {
            for (int column = 0; column < scheme.data(); column++) {
                cells[row][column] = row < scheme.data() ? identity(row, column) : Galois.inverse(row ^ column);
            }
        }
        return new Matrix(cells, scheme.data());
    }

    private static int identity(int row, int column) {
        return row == column ? 1 : 0;
    }

    int rows() {
        return cells.length;
    }

    int at(int row, int column) {
        return cells[row][column];
    }

    /** The given rows, in the given order. */
    Matrix pick(int... rows) {
        return new Matrix(Arrays.stream(rows).mapToObj(row -> cells[row]).toArray(int[][]::new), columns);
    }

    /** The rows from a number on. */
    Matrix rowsFrom(int row) {
        return new Matrix(Arrays.copyOfRange(cells, row, rows()), columns);
    }

    Matrix times(Matrix other) {
        int[][] product = new int[rows()][other.columns()];
        for (int row = 0; row < rows(); row++) {
            for (int middle = 0; middle < columns(); middle++) {
                addScaled(product[row], other.cells[middle], at(row, middle));
            }
        }
        return new Matrix(product, other.columns());
    }

    /** The inverse of a square matrix, by Gauss–Jordan elimination. */
    Matrix inverse() {
        Checks.check(rows() == columns(), "only a square matrix has an inverse");
        int size = rows();
        int[][] left = Arrays.stream(cells).map(int[]::clone).toArray(int[][]::new);
        int[][] right = new int[size][size];
        for (int row = 0; row < size; row++) {
            right[row][row] = 1;
        }
        for (int column = 0; column < size; column++) {
            int pivot = pivot(left, column);
            swap(left, pivot, column);
            swap(right, pivot, column);
            int factor = Galois.inverse(left[column][column]);
            scale(left[column], factor);
            scale(right[column], factor);
            eliminate(left, right, column);
        }
        return new Matrix(right, size);
    }

    private static int pivot(int[][] left, int column) {
        for (int row = column; row < left.length; row++) {
            if (left[row][column] != 0) {
                return row;
            }
        }
        throw new IllegalStateException("broken assumption: the matrix can be inverted");
    }

    private static void swap(int[][] rows, int a, int b) {
        int[] row = rows[a];
        rows[a] = rows[b];
        rows[b] = row;
    }

    private static void scale(int[] row, int factor) {
        for (int i = 0; i < row.length; i++) {
            row[i] = Galois.multiply(row[i], factor);
        }
    }

    private static void eliminate(int[][] left, int[][] right, int column) {
        for (int row = 0; row < left.length; row++) {
            int factor = left[row][column];
            if (row != column && factor != 0) {
                addScaled(left[row], left[column], factor);
                addScaled(right[row], right[column], factor);
            }
        }
    }

    private static void addScaled(int[] target, int[] source, int factor) {
        for (int i = 0; i < target.length; i++) {
            target[i] ^= Galois.multiply(source[i], factor);
        }
    }
}
