import Foundation
import OrreryTensors
import Testing

/// Special arguments, array lengths, and what must not matter.
@Suite struct ElementwiseEdgeTests {
  static let paths = InstructionSet.allCases.filter(\.isAvailable)

  /// Zeros with their signs, denormals, the ends of the range, infinities, NaN.
  static let special: [Double] = [
    0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, 1e-30, 1, -1, 1e300,
    -1e300, .infinity, -.infinity, .nan,
  ]

  @Test(arguments: Elementwise.Function.allCases, ElementwiseEdgeTests.paths)
  func specialArgumentsAreTheCLibrarys(_ function: Elementwise.Function, _ path: InstructionSet) {
    let x = Self.special
    var y = x
    y.withUnsafeMutableBufferPointer { Elementwise.apply(function, x, into: $0.baseAddress!, count: x.count, on: path) }
    for (argument, value) in zip(x, y) {
      let expected = doubleReference(function, argument)
      if expected.isNaN {
        #expect(value.isNaN, "\(function)(\(argument)) = \(value) on \(path.name)")
      } else if expected == 0 || expected.isInfinite {
        #expect(value == expected, "\(function)(\(argument)) = \(value) on \(path.name)")
      } else {
        #expect(abs(value - expected) <= 8 * max(expected.ulp, .leastNonzeroMagnitude), "\(function)(\(argument))")
      }
    }
  }

  @Test(arguments: Elementwise.Function.allCases, ElementwiseEdgeTests.paths)
  func specialSinglesAreTheCLibrarys(_ function: Elementwise.Function, _ path: InstructionSet) {
    let x: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, 1, -1, 1e38, -1e38, .infinity,
      -.infinity, .nan,
    ]
    var y = x
    y.withUnsafeMutableBufferPointer { Elementwise.apply(function, x, into: $0.baseAddress!, count: x.count, on: path) }
    for (argument, value) in zip(x, y) {
      let error = errorInUlps(value, doubleReference(function, Double(argument)))
      #expect(error <= 2, "\(function)(\(argument)) = \(value) on \(path.name)")
    }
  }

  /// Odd functions and those with a zero at 0 keep the sign of zero.
  @Test(arguments: ElementwiseEdgeTests.paths)
  func zeroKeepsItsSign(_ path: InstructionSet) {
    for function in [Elementwise.Function.expm1, .log1p, .tanh, .silu, .erf, .gelu, .sin, .asin, .sqrt] {
      var single: [Float] = [-0.0, 0]
      var double: [Double] = [-0.0, 0]
      single.withUnsafeMutableBufferPointer {
        Elementwise.apply(function, $0.baseAddress!, into: $0.baseAddress!, count: 2, on: path)
      }
      double.withUnsafeMutableBufferPointer {
        Elementwise.apply(function, $0.baseAddress!, into: $0.baseAddress!, count: 2, on: path)
      }
      #expect(single.map(\.sign) == [.minus, .plus] && single == [0, 0], "\(function) on \(path.name)")
      #expect(double.map(\.sign) == [.minus, .plus] && double == [0, 0], "\(function) on \(path.name)")
    }
  }

  /// Vector body and remainder compute alike: an element's value is that of an array of one.
  @Test(arguments: Elementwise.Function.allCases, ElementwiseEdgeTests.paths)
  func placeAndLengthDoNotMatter(_ function: Elementwise.Function, _ path: InstructionSet) {
    let x = arguments(function, .single, count: 300).map { Float($0) }
    for count in [1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 255, 256, 257, 300] {
      var together = Array(x[..<count])
      together.withUnsafeMutableBufferPointer {  // in place, too
        Elementwise.apply(function, $0.baseAddress!, into: $0.baseAddress!, count: count, on: path)
      }
      let place = count - 1
      var alone: Float = 0
      Elementwise.apply(function, [x[place]], into: &alone, count: 1, on: path)
      #expect(together[place].bitPattern == alone.bitPattern, "\(function)(\(x[place])) at \(place) on \(path.name)")
    }
  }

  /// Beyond the reduction's range the C library takes over, element by element.
  @Test(arguments: ElementwiseEdgeTests.paths)
  func largeAnglesAreTheCLibrarys(_ path: InstructionSet) {
    let x: [Double] = [1, 1_048_577, 1e22, -3e15, 0.5]
    for (function, expected) in [(Elementwise.Function.sin, x.map { sin($0) }), (.cos, x.map { cos($0) })] {
      var y = x
      y.withUnsafeMutableBufferPointer {
        Elementwise.apply(function, x, into: $0.baseAddress!, count: x.count, on: path)
      }
      for (value, reference) in zip(y, expected) { #expect(abs(value - reference) <= 2 * reference.ulp) }
    }
  }

  @Test func theChosenPathIsAvailable() {
    #expect(InstructionSet.current.isAvailable)
    #expect(InstructionSet.baseline.isAvailable)
    #expect(InstructionSet.baseline < .avx2 && .avx2 < .avx512)
    #expect(!InstructionSet.current.name.isEmpty && !BLAS.coreName.isEmpty)
    if let wish = ProcessInfo.processInfo.environment["ORRERY_INSTRUCTION_SET"].flatMap(InstructionSet.init(rawValue:))
    {
      #expect(InstructionSet.current <= wish)
    } else {
      #expect(InstructionSet.current == InstructionSet.allCases.last(where: \.isAvailable))
    }
  }

  @Test func arraysTensorsAndSpansAgree() {
    let x: [Float] = [-1, 0, 0.5, 2]
    let y = Elementwise.Function.tanh(x)
    #expect(Elementwise.Function.tanh(Tensor(shape: [2, 2], elements: x)).elements == y)
    #expect(Elementwise.Function.tanh(Matrix(rows: 4, columns: 1, elements: x)).tensor.elements == y)
    var tensor = Tensor(shape: [4], elements: x)
    tensor.withMutableSpan { Elementwise.Function.tanh.apply(to: &$0) }
    #expect(tensor.elements == y)
    #expect(Elementwise.Function.exp([Double]()).isEmpty)
    #expect(Elementwise.Function.exp(Tensor<Double>(shape: [0, 3])).count == 0)
  }
}
