import OrreryTensors
import Testing

@Suite struct MatrixTests {
  let matrix = Matrix<Double>([[1, 2, 3], [4, 5, 6]])

  @Test func rowsAndColumns() {
    #expect(matrix.rows == 2 && matrix.columns == 3)
    #expect(matrix[1, 0] == 4)
    #expect(matrix.row(1) == [4, 5, 6])
    #expect(matrix == Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6]))
    #expect(matrix == Matrix(matrix.tensor))
  }

  @Test func transposes() {
    #expect(matrix.transposed == Matrix([[1, 4], [2, 5], [3, 6]]))
    #expect(matrix.transposed.transposed == matrix)
    #expect(Matrix<Float>(rows: 0, columns: 3).transposed == Matrix(rows: 3, columns: 0))
  }

  @Test func selectsRowsInTheGivenOrder() {
    #expect(matrix.selectingRows([1, 0, 1]) == Matrix([[4, 5, 6], [1, 2, 3], [4, 5, 6]]))
    #expect(matrix.selectingRows([]).rows == 0)
  }

  @Test func copiesAreIndependent() {
    var copy = matrix
    copy[0, 0] = -1
    #expect(matrix[0, 0] == 1 && copy[0, 0] == -1)
    var tensor = matrix.tensor
    tensor[0, 1] = 9
    #expect(matrix[0, 1] == 2)
  }
}
