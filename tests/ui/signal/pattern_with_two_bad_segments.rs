use enact::pattern;

fn main() {
    let _ = pattern!("order..cr*.**");
}
