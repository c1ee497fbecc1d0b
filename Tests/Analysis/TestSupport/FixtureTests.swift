import Foundation
import OrreryTestSupport
import Testing

/// Fixtures are found, and what is not in them is said in a sentence.
@Suite struct FixtureTests {
  @Test func valuesAreRead() throws {
    let theory = try Fixtures.json("effective_theory")
    let gelu = theory["criticality"]["gelu"]
    #expect(relativeError(try gelu["K_star"].double, (3 + 17.0.squareRoot()) / 2) < 1e-15)
    #expect(try gelu["K_star_exact"].string == "(3+sqrt(17))/2")
    #expect(try theory["pair_kernels"].elements.count == 5)
    #expect(try theory["pair_kernels"][0]["K"].rows == [[1.3, 0.55], [0.55, 0.8]])
    #expect(try theory["pair_kernels"][0]["K"].flattened == [1.3, 0.55, 0.55, 0.8])
    let kernels = try Fixtures.json("infinite_width")
    #expect(try kernels["cases"].keys.contains("fc1_relu"))
    #expect(kernels["cases"]["fc6_relu_nobias"]["b_std"].isNull)
  }

  @Test func whatIsAbsentIsNamed() throws {
    let theory = try Fixtures.json("effective_theory")
    #expect(!theory["nothing"]["here"].exists)
    #expect {
      try theory["nothing"][3]["x"].double
    } throws: { error in
      "\(error)".contains("effective_theory/nothing/3/x")
    }
    #expect(throws: FixtureError.self) { try theory["criticality"].double }
    #expect(throws: FixtureError.self) { try Fixtures.json("no_such_file") }
  }
}
